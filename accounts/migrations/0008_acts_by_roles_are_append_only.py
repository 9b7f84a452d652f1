"""Let the database itself refuse to change an act by a role.

PostgreSQL also refuses to delete one; SQLite cannot tell a deletion from emptying the table for
the next test, so there the queryset alone refuses it.
"""

from django.db import migrations

FORWARD = {
    "postgresql": [
        """
        CREATE FUNCTION accounts_roleact_is_append_only() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION 'acts by roles are append-only'; END;
        $$ LANGUAGE plpgsql
        """,
        """
        CREATE TRIGGER accounts_roleact_append_only
        BEFORE UPDATE OR DELETE ON accounts_roleact
        FOR EACH ROW EXECUTE FUNCTION accounts_roleact_is_append_only()
        """,
    ],
    "sqlite": [
        """
        CREATE TRIGGER accounts_roleact_append_only
        BEFORE UPDATE ON accounts_roleact
        BEGIN SELECT RAISE(ABORT, 'acts by roles are append-only'); END
        """,
    ],
}
BACKWARD = {
    "postgresql": [
        "DROP TRIGGER accounts_roleact_append_only ON accounts_roleact",
        "DROP FUNCTION accounts_roleact_is_append_only()",
    ],
    "sqlite": ["DROP TRIGGER accounts_roleact_append_only"],
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_acts_by_roles")]

    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD), elidable=False)]
