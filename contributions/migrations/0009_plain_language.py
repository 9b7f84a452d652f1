"""Words of policy, and texts of staff that stayed hard to read.

Of the latter, rows are only added. PostgreSQL also refuses to delete one; SQLite cannot tell a
deletion from emptying the table for the next test, so there the queryset alone refuses it.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FORWARD = {
    "postgresql": [
        """
        CREATE FUNCTION contributions_hardtext_is_append_only() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION 'texts that are hard to read are append-only'; END;
        $$ LANGUAGE plpgsql
        """,
        """
        CREATE TRIGGER contributions_hardtext_append_only
        BEFORE UPDATE OR DELETE ON contributions_hardtext
        FOR EACH ROW EXECUTE FUNCTION contributions_hardtext_is_append_only()
        """,
    ],
    "sqlite": [
        """
        CREATE TRIGGER contributions_hardtext_append_only
        BEFORE UPDATE ON contributions_hardtext
        BEGIN SELECT RAISE(ABORT, 'texts that are hard to read are append-only'); END
        """,
    ],
}
BACKWARD = {
    "postgresql": [
        "DROP TRIGGER contributions_hardtext_append_only ON contributions_hardtext",
        "DROP FUNCTION contributions_hardtext_is_append_only()",
    ],
    "sqlite": ["DROP TRIGGER contributions_hardtext_append_only"],
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0008_the_record_of_moderators'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('word', models.CharField(max_length=60, verbose_name='word')),
                ('forms', models.TextField(blank=True, verbose_name='other forms, one on each line')),
                ('instead', models.CharField(max_length=120, verbose_name='what to say instead')),
            ],
            options={
                'verbose_name': 'word of policy',
                'verbose_name_plural': 'words of policy',
                'ordering': ('language', 'word'),
                'constraints': [models.UniqueConstraint(fields=('language', 'word'), name='policy_word_once')],
            },
        ),
        migrations.CreateModel(
            name='HardText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=80, verbose_name='act')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('score', models.SmallIntegerField(null=True, verbose_name='score of Flesch-Douma')),
                ('words_in_sentence', models.FloatField(verbose_name='words in a sentence, on average')),
                ('letters_in_word', models.FloatField(verbose_name='letters in a word, on average')),
                ('reason', models.TextField(max_length=500, verbose_name='why it is hard to read')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written at')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hard_texts', to='contributions.dossier', verbose_name='dossier')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'text that is hard to read',
                'verbose_name_plural': 'texts that are hard to read',
                'ordering': ('-pk',),
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='hard_text_says_why')],
            },
        ),
        migrations.RunPython(_run(FORWARD), _run(BACKWARD), elidable=False),
    ]
