"""Keep what a change replaced, and what authors did; let the database guard both.

Of a change that is closed, nothing about who, what became of it and when is altered any more. Its
words are left out of that: they can be taken out when somebody leaves.

PostgreSQL also refuses to delete; SQLite cannot tell a deletion from emptying the table for the
next test, so there the queryset alone refuses it.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FORWARD = {
    "postgresql": [
        """
        CREATE FUNCTION contributions_authoract_is_append_only() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION 'acts of authors are append-only'; END;
        $$ LANGUAGE plpgsql
        """,
        """
        CREATE TRIGGER contributions_authoract_append_only
        BEFORE UPDATE OR DELETE ON contributions_authoract
        FOR EACH ROW EXECUTE FUNCTION contributions_authoract_is_append_only()
        """,
        """
        CREATE FUNCTION contributions_revision_is_kept() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION 'changes are kept';
            END IF;
            IF OLD.state <> 'waiting' AND (
                NEW.dossier_id, NEW.state, NEW.created_by_id, NEW.created_at, NEW.closed_at
            ) IS DISTINCT FROM (
                OLD.dossier_id, OLD.state, OLD.created_by_id, OLD.created_at, OLD.closed_at
            ) THEN
                RAISE EXCEPTION 'a closed change stays as it was closed';
            END IF;
            RETURN NEW;
        END;
        $$ LANGUAGE plpgsql
        """,
        """
        CREATE TRIGGER contributions_revision_kept
        BEFORE UPDATE OR DELETE ON contributions_revision
        FOR EACH ROW EXECUTE FUNCTION contributions_revision_is_kept()
        """,
    ],
    "sqlite": [
        """
        CREATE TRIGGER contributions_authoract_append_only
        BEFORE UPDATE ON contributions_authoract
        BEGIN SELECT RAISE(ABORT, 'acts of authors are append-only'); END
        """,
        """
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
        """,
    ],
}
BACKWARD = {
    "postgresql": [
        "DROP TRIGGER contributions_revision_kept ON contributions_revision",
        "DROP FUNCTION contributions_revision_is_kept()",
        "DROP TRIGGER contributions_authoract_append_only ON contributions_authoract",
        "DROP FUNCTION contributions_authoract_is_append_only()",
    ],
    "sqlite": [
        "DROP TRIGGER contributions_revision_kept",
        "DROP TRIGGER contributions_authoract_append_only",
    ],
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0003_picture_size_tries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="before",
            field=models.JSONField(blank=True, null=True, verbose_name="text before"),
        ),
        migrations.AlterField(
            model_name="revision",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting for review"),
                    ("accepted", "accepted"),
                    ("returned", "not taken over"),
                    ("dropped", "overtaken"),
                    ("made", "changed at once"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.CreateModel(
            name="AuthorAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("handed_in", "sent in by its author"),
                            ("withdrawn", "taken off the site by its author"),
                        ],
                        max_length=10,
                        verbose_name="act",
                    ),
                ),
                (
                    "done_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="done at"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="author_acts",
                        to="contributions.dossier",
                        verbose_name="dossier",
                    ),
                ),
            ],
            options={
                "verbose_name": "act of an author",
                "verbose_name_plural": "acts of authors",
                "ordering": ("done_at", "pk"),
            },
        ),
        migrations.RunPython(_run(FORWARD), _run(BACKWARD), elidable=False),
    ]
