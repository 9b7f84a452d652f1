"""Recordings in which somebody reads a text aloud, and decisions about them.

SQLite makes the table of decisions anew when it gets a column or a constraint, and loses its trigger
by it: it is made again here, with the new column. PostgreSQL compares whole rows.
"""

import contributions.models.spoken
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

GONE = "'', '–'"
DECISION = "contributions_decision"
KEEPS = (
    "id", "dossier_id", "outcome", "from_status", "to_status", "rule_id", "automatic",
    "decided_by_id", "decided_at", "picture_id", "waited_as", "undoes_id",
    "words_language", "marked",
)  # fmt: skip


def _guard(columns):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor != "sqlite":
            return
        same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns)
        words = " AND ".join(f"NEW.{name} IN (OLD.{name}, {GONE})" for name in ("reason", "facts"))
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {DECISION}_append_only", None)
        schema_editor.execute(
            f"""
            CREATE TRIGGER {DECISION}_append_only BEFORE UPDATE ON {DECISION}
            WHEN NOT ({same} AND {words})
            BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END
            """,
            None,
        )

    return run


def _drop(apps, schema_editor):
    """Let go of the trigger, which names a column that goes."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {DECISION}_append_only", None)


def _nothing(apps, schema_editor):
    """What comes before or after it makes the trigger."""


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0009_plain_language'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Backwards, the table is made anew once more: after that, as it was.
        migrations.RunPython(_nothing, _guard(KEEPS), elidable=False),
        migrations.CreateModel(
            name='SpokenText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('recording', models.FileField(blank=True, max_length=200, upload_to=contributions.models.spoken.spoken_path, verbose_name='recording')),
                ('seconds', models.PositiveSmallIntegerField(verbose_name='length in seconds')),
                ('words_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('by_author', models.BooleanField(verbose_name='read by its author')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made at')),
                ('heard_at', models.DateTimeField(blank=True, null=True, verbose_name='heard by everybody since')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='removed at')),
                ('hidden_at', models.DateTimeField(blank=True, null=True, verbose_name='hidden at')),
            ],
            options={
                'verbose_name': 'recording of a text',
                'verbose_name_plural': 'recordings of texts',
                'ordering': ('-made_at', '-pk'),
            },
        ),
        migrations.RemoveConstraint(
            model_name='decision',
            name='decision_against_names_rule_and_reason',
        ),
        migrations.AlterField(
            model_name='decision',
            name='outcome',
            field=models.CharField(choices=[('published', 'published'), ('kept', 'read and left as it is'), ('returned', 'returned to the author'), ('rejected', 'rejected'), ('hidden', 'hidden'), ('restored', 'shown again'), ('revision_accepted', 'change accepted'), ('revision_returned', 'change not taken over'), ('picture_hidden', 'picture hidden'), ('picture_restored', 'picture shown again'), ('recording_hidden', 'recording hidden'), ('recording_restored', 'recording played again'), ('warned', 'warned'), ('undone', 'decision undone')], max_length=20, verbose_name='outcome'),
        ),
        migrations.AddField(
            model_name='spokentext',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spoken', to='contributions.dossier', verbose_name='dossier'),
        ),
        migrations.AddField(
            model_name='spokentext',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='read by'),
        ),
        migrations.AddField(
            model_name='decision',
            name='spoken',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='contributions.spokentext', verbose_name='recording'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['rejected', 'hidden', 'picture_hidden', 'recording_hidden', 'warned']), _negated=True), models.Q(('rule__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='decision_against_names_rule_and_reason'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['recording_hidden', 'recording_restored']), ('spoken__isnull', False)), models.Q(models.Q(('outcome__in', ['recording_hidden', 'recording_restored']), _negated=True), ('spoken__isnull', True)), _connector='OR'), name='decision_about_a_recording_names_it'),
        ),
        migrations.AddConstraint(
            model_name='spokentext',
            constraint=models.UniqueConstraint(condition=models.Q(('heard_at__isnull', False), ('removed_at__isnull', True)), fields=('dossier', 'language'), name='one_recording_per_language'),
        ),
        migrations.AddConstraint(
            model_name='spokentext',
            constraint=models.UniqueConstraint(condition=models.Q(('heard_at__isnull', True), ('hidden_at__isnull', True), ('removed_at__isnull', True)), fields=('dossier', 'language'), name='one_recording_waits_per_language'),
        ),
        migrations.RunPython(_guard((*KEEPS, "spoken_id")), _drop, elidable=False),
    ]
