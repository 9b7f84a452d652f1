"""Keep with a decision its language and what checks had found; a second yes for an end.

SQLite makes the table of decisions anew and loses its trigger by it: it is made again here, with
the new columns among those that never change.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "contributions_decision"
KEPT_BEFORE = (
    "id", "dossier_id", "outcome", "from_status", "to_status", "rule_id", "automatic",
    "decided_by_id", "decided_at", "picture_id", "waited_as", "undoes_id",
)  # fmt: skip
KEPT = (*KEPT_BEFORE, "words_language", "marked")


def _unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_append_only", None)


def _guard(names):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor != "sqlite":
            return
        _unguard(apps, schema_editor)
        schema_editor.execute(
            f"""
            CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE ON {TABLE}
            WHEN NOT (
                {" AND ".join(f"NEW.{name} IS OLD.{name}" for name in names)}
                AND NEW.reason IN (OLD.reason, '', '–') AND NEW.facts IN (OLD.facts, '', '–')
            )
            BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END
            """,
            None,
        )

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0009_checks_compared_with_others"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(_unguard, _guard(KEPT_BEFORE), elidable=False),
        migrations.AddField(
            model_name="appeal",
            name="reason_language",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=10,
                verbose_name="language of the reason",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="marked",
            field=models.JSONField(
                blank=True, editable=False, null=True, verbose_name="what checks had found"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="words_language",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=10,
                verbose_name="language of the reason",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="agreed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="agreed at"),
        ),
        migrations.AddField(
            model_name="measure",
            name="agreed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="agreed by",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.UniqueConstraint(
                fields=("decision",), name="one_measure_per_decision"
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_at__isnull", True), ("agreed_by__isnull", True)),
                    models.Q(
                        ("agreed_at__isnull", False), ("agreed_by__isnull", False), ("kind", "end")
                    ),
                    _connector="OR",
                ),
                name="measure_agreed_by_someone",
            ),
        ),
        migrations.RunPython(_guard(KEPT), _unguard, elidable=False),
    ]
