"""Let one change of a decision pass: taking its words away, when whom they are about has left.

Whatever else would change, the database refuses as before.
"""

from django.db import migrations

TABLE = "contributions_decision"
WORDS = ("reason", "facts")
OTHERS = (
    "id", "dossier_id", "outcome", "from_status", "to_status", "rule_id", "automatic",
    "decided_by_id", "decided_at",
)  # fmt: skip
GONE = "'', '–'"

FORWARD = {
    "postgresql": [
        f"""
        CREATE OR REPLACE FUNCTION contributions_decision_is_append_only() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF NEW.reason IN (OLD.reason, {GONE}) AND NEW.facts IN (OLD.facts, {GONE}) THEN
                    OLD.reason := NEW.reason;
                    OLD.facts := NEW.facts;
                    IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
                END IF;
            END IF;
            RAISE EXCEPTION 'decisions are append-only';
        END;
        $$ LANGUAGE plpgsql
        """,
    ],
    "sqlite": [
        f"DROP TRIGGER {TABLE}_append_only",
        f"""
        CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE ON {TABLE}
        WHEN NOT (
            {" AND ".join(f"NEW.{name} IS OLD.{name}" for name in OTHERS)}
            AND {" AND ".join(f"NEW.{name} IN (OLD.{name}, {GONE})" for name in WORDS)}
        )
        BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END
        """,
    ],
}
BACKWARD = {
    "postgresql": [
        """
        CREATE OR REPLACE FUNCTION contributions_decision_is_append_only() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION 'decisions are append-only'; END;
        $$ LANGUAGE plpgsql
        """,
    ],
    "sqlite": [
        f"DROP TRIGGER {TABLE}_append_only",
        f"""
        CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END
        """,
    ],
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement, None)

    return run


class Migration(migrations.Migration):
    dependencies = [("contributions", "0005_search")]

    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD), elidable=False)]
