"""Documents for search, and the index of each database over their terms.

PostgreSQL: a ``tsvector`` under GIN. It stays in the row, for lists that walk through rows; the
texts beside it are moved out of it instead. SQLite: an FTS5 table that keeps nothing but the index
of the documents. It forgets the triggers of a table that a later migration makes anew: such a
migration makes them again (tests/contributions/search/test_index.py tells).
"""
import contributions.search.engines
import django.db.models.deletion
from django.db import migrations, models


FORWARD = {
    "postgresql": [
        "ALTER TABLE contributions_searchdocument ALTER COLUMN terms SET STORAGE MAIN",
        # Ten thousand terms with their numbers: the planner must know a rare word from a common one.
        "ALTER TABLE contributions_searchdocument ALTER COLUMN terms SET STATISTICS 1000",
        "ALTER TABLE contributions_searchdocument ALTER COLUMN pairs SET STATISTICS 1000",
        # Starting helpers takes longer than what they would help with.
        "ALTER TABLE contributions_searchdocument SET (parallel_workers = 0)",
        """
        CREATE INDEX contributions_search_index ON contributions_searchdocument
        USING gin (terms) WITH (fastupdate = off)
        """,
        """
        CREATE INDEX contributions_search_pairs ON contributions_searchdocument
        USING gin (pairs) WITH (fastupdate = off)
        """,
    ],
    "sqlite": [
        """
        CREATE VIRTUAL TABLE contributions_search_index USING fts5(
            terms, pairs, content='contributions_searchdocument', content_rowid='dossier_id',
            tokenize="ascii tokenchars ':=_'", detail=none, columnsize=0
        )
        """,
        """
        CREATE TRIGGER contributions_search_added AFTER INSERT ON contributions_searchdocument
        BEGIN
            INSERT INTO contributions_search_index (rowid, terms, pairs)
            VALUES (new.dossier_id, new.terms, new.pairs);
        END
        """,
        """
        CREATE TRIGGER contributions_search_gone AFTER DELETE ON contributions_searchdocument
        BEGIN
            INSERT INTO contributions_search_index (contributions_search_index, rowid, terms, pairs)
            VALUES ('delete', old.dossier_id, old.terms, old.pairs);
        END
        """,
        """
        CREATE TRIGGER contributions_search_changed AFTER UPDATE ON contributions_searchdocument
        BEGIN
            INSERT INTO contributions_search_index (contributions_search_index, rowid, terms, pairs)
            VALUES ('delete', old.dossier_id, old.terms, old.pairs);
            INSERT INTO contributions_search_index (rowid, terms, pairs)
            VALUES (new.dossier_id, new.terms, new.pairs);
        END
        """,
    ],
}
BACKWARD = {
    "postgresql": [
        "DROP INDEX contributions_search_index",
        "DROP INDEX contributions_search_pairs",
    ],
    "sqlite": [
        "DROP TRIGGER contributions_search_added",
        "DROP TRIGGER contributions_search_gone",
        "DROP TRIGGER contributions_search_changed",
        "DROP TABLE contributions_search_index",
    ],
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0004_history'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_document', serialize=False, to='contributions.dossier', verbose_name='dossier')),
                ('kind', models.CharField(max_length=30, verbose_name='kind')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('terms', contributions.search.engines.TermsField(editable=False)),
                ('pairs', contributions.search.engines.TermsField(editable=False)),
                ('title', models.TextField(verbose_name='title')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('folded', models.TextField(editable=False)),
                ('edition', models.PositiveSmallIntegerField(editable=False)),
            ],
            options={
                'verbose_name': 'search document',
                'verbose_name_plural': 'search documents',
            },
        ),
        migrations.CreateModel(
            name='SearchSpelling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('spelling', models.CharField(max_length=40)),
                ('word', models.CharField(max_length=40)),
            ],
            options={
                'verbose_name': 'spelling',
                'verbose_name_plural': 'spellings',
                'indexes': [models.Index(fields=['word'], name='search_spelling_of_word')],
                'constraints': [models.UniqueConstraint(fields=('spelling', 'word'), name='one_row_per_spelling')],
            },
        ),
        migrations.RunPython(_run(FORWARD), _run(BACKWARD), elidable=False),
    ]
