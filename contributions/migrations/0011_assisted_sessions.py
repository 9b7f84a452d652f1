"""Talks at which somebody writes down what people tell, and what was told there.

Whoever holds the slip of what they told has no account: their acts and changes are nobody's by
number. SQLite makes a table anew when a column changes, and loses its triggers by it: those on the
two records are made again here.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


ACT = """
    CREATE TRIGGER contributions_authoract_append_only
    BEFORE UPDATE ON contributions_authoract
    BEGIN SELECT RAISE(ABORT, 'acts of authors are append-only'); END
    """
REVISION = """
    CREATE TRIGGER contributions_revision_kept
    BEFORE UPDATE ON contributions_revision
    WHEN OLD.state <> 'waiting' AND (
        NEW.dossier_id IS NOT OLD.dossier_id
        OR NEW.state IS NOT OLD.state
        OR NEW.created_by_id IS NOT OLD.created_by_id
        OR NEW.created_at IS NOT OLD.created_at
        OR NEW.closed_at IS NOT OLD.closed_at
    )
    BEGIN SELECT RAISE(ABORT, 'a closed change stays as it was closed'); END
    """
NAMES = ("contributions_authoract_append_only", "contributions_revision_kept")


def _guard(apps, schema_editor):
    """Put the triggers in SQLite; PostgreSQL kept them."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in (ACT, REVISION):
            schema_editor.execute(statement)


def _let_go(apps, schema_editor):
    """Take the triggers out of SQLite, before the tables are made anew."""
    if schema_editor.connection.vendor == "sqlite":
        for name in NAMES:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):

    dependencies = [
        ('areas', '0003_borders'),
        ('contributions', '0010_spoken_texts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(_let_go, _guard, elidable=False),
        migrations.AlterField(
            model_name='authoract',
            name='act',
            field=models.CharField(choices=[('handed_in', 'sent in by its author'), ('withdrawn', 'taken off the site by its author'), ('entered', 'told to a contact person, who wrote it down'), ('claimed', 'taken into an account by who told it')], max_length=10, verbose_name='act'),
        ),
        migrations.AlterField(
            model_name='authoract',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AlterField(
            model_name='revision',
            name='created_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.CreateModel(
            name='AssistedSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=120, verbose_name='place')),
                ('language', models.CharField(choices=[('nl', 'Nederlands'), ('en', 'English'), ('pl', 'Polski'), ('bg', 'Български'), ('ro', 'Română'), ('hu', 'Magyar'), ('el', 'Ελληνικά'), ('tr', 'Türkçe'), ('uk', 'Українська'), ('ar', 'العربية')], max_length=10, verbose_name='language')),
                ('date', models.DateField(verbose_name='day')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opened at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='neighbourhood')),
                ('held_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assisted_sessions', to=settings.AUTH_USER_MODEL, verbose_name='held by')),
            ],
            options={
                'verbose_name': 'talk',
                'verbose_name_plural': 'talks',
                'ordering': ('-date', '-pk'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('held_by', 'date'), name='one_open_talk_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_name', models.CharField(blank=True, max_length=40, verbose_name='first name')),
                ('is_16', models.BooleanField(default=False, verbose_name='16 or older')),
                ('consent_at', models.DateTimeField(verbose_name='agreed at')),
                ('entry_key', models.CharField(editable=False, max_length=43)),
                ('entry_digest', models.CharField(editable=False, max_length=64)),
                ('slip_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('slip_sealed', models.TextField(blank=True, editable=False)),
                ('slip_until', models.DateField(verbose_name='slip valid until the end of')),
                ('call_back', models.CharField(blank=True, choices=[('', 'not chosen'), ('waiting', 'waits for a call'), ('confirmed', 'the person told it like this'), ('denied', 'the person did not tell it like this'), ('missed', 'the person was not reached')], default='', max_length=10, verbose_name='call back')),
                ('telephone', models.TextField(blank=True, editable=False)),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='called at')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='taken into an account at')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='came in at')),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='called by')),
                ('claimed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tellings_claimed', to=settings.AUTH_USER_MODEL, verbose_name='taken into the account of')),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='telling', to='contributions.dossier', verbose_name='dossier')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tellings', to='contributions.assistedsession', verbose_name='talk')),
            ],
            options={
                'verbose_name': 'telling',
                'verbose_name_plural': 'tellings',
                'ordering': ('-created_at', '-pk'),
                'indexes': [models.Index(condition=models.Q(('call_back', 'waiting')), fields=['created_at'], name='telling_to_call_back')],
                'constraints': [models.UniqueConstraint(fields=('session', 'entry_key'), name='one_telling_per_entry'), models.CheckConstraint(condition=models.Q(models.Q(('call_back__in', ['', 'waiting']), ('checked_by__isnull', True)), models.Q(('call_back__in', ['confirmed', 'denied', 'missed']), ('checked_at__isnull', False), ('checked_by__isnull', False)), _connector='OR'), name='telling_called_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('claimed_at__isnull', True), ('claimed_by__isnull', True)), models.Q(('claimed_at__isnull', False), ('claimed_by__isnull', False)), _connector='OR'), name='telling_claimed_by_somebody')],
            },
        ),
        migrations.RunPython(_guard, _let_go, elidable=False),
    ]
