"""Let one change of what happened pass: taking its words away, when the applicant has left.

Acts, stages, persons and moments stay as they are; ledger entries are not touched at all.
"""

from django.db import migrations

TABLE = "budgets_stagechange"
GONE = "'', '–'"
OTHERS = ("id", "application_id", "act", "from_stage", "to_stage", "by_id", "office", "at")

FORWARD = {
    "postgresql": [
        f"""
        CREATE FUNCTION {TABLE}_keeps_all_but_words() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF NEW.reason IN (OLD.reason, {GONE}) THEN
                    OLD.reason := NEW.reason;
                    IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
                END IF;
            END IF;
            RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END;
        $$ LANGUAGE plpgsql
        """,
        f"DROP TRIGGER {TABLE}_only_grows ON {TABLE}",
        f"""
        CREATE TRIGGER {TABLE}_only_grows BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION {TABLE}_keeps_all_but_words()
        """,
    ],
    "sqlite": [
        f"DROP TRIGGER {TABLE}_only_grows",
        f"""
        CREATE TRIGGER {TABLE}_only_grows BEFORE UPDATE ON {TABLE}
        WHEN NOT (
            {" AND ".join(f"NEW.{name} IS OLD.{name}" for name in OTHERS)}
            AND NEW.reason IN (OLD.reason, {GONE})
        )
        BEGIN SELECT RAISE(ABORT, '{TABLE} only grows'); END
        """,
    ],
}
BACKWARD = {
    "postgresql": [
        f"DROP TRIGGER {TABLE}_only_grows ON {TABLE}",
        f"DROP FUNCTION {TABLE}_keeps_all_but_words()",
        f"""
        CREATE TRIGGER {TABLE}_only_grows BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION budgets_only_grows()
        """,
    ],
    "sqlite": [
        f"DROP TRIGGER {TABLE}_only_grows",
        f"""
        CREATE TRIGGER {TABLE}_only_grows BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, '{TABLE} only grows'); END
        """,
    ],
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement, None)

    return run


class Migration(migrations.Migration):
    dependencies = [("budgets", "0002_the_ledger_only_grows")]

    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD), elidable=False)]
