"""Let the database itself refuse to change a decision.

PostgreSQL also refuses to delete one; SQLite cannot tell a deletion from emptying the table for
the next test, so there the queryset alone refuses it.
"""

from django.db import migrations

FORWARD = {
    "postgresql": [
        """
        CREATE FUNCTION contributions_decision_is_append_only() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION 'decisions are append-only'; END;
        $$ LANGUAGE plpgsql
        """,
        """
        CREATE TRIGGER contributions_decision_append_only
        BEFORE UPDATE OR DELETE ON contributions_decision
        FOR EACH ROW EXECUTE FUNCTION contributions_decision_is_append_only()
        """,
    ],
    "sqlite": [
        """
        CREATE TRIGGER contributions_decision_append_only
        BEFORE UPDATE ON contributions_decision
        BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END
        """,
    ],
}
BACKWARD = {
    "postgresql": [
        "DROP TRIGGER contributions_decision_append_only ON contributions_decision",
        "DROP FUNCTION contributions_decision_is_append_only()",
    ],
    "sqlite": ["DROP TRIGGER contributions_decision_append_only"],
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("contributions", "0001_initial")]

    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD), elidable=False)]
