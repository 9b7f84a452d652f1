"""Let the database itself refuse to change an act by a role.

PostgreSQL also refuses to delete one, or to empty the table at a stroke; SQLite cannot tell a deletion
from emptying the table for the next test, so there the queryset alone refuses it. Tests of PostgreSQL
empty all tables between each other: that passes in their own databases alone, on connections that say
so (``tests/settings.py``).
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
        """
        CREATE FUNCTION never_emptied() RETURNS trigger AS $$
        BEGIN
            IF current_database() LIKE 'test\\_%'
                AND current_setting('participatie.tests_empty_tables', true) = 'yes'
            THEN
                RETURN NULL;
            END IF;
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
        END;
        $$ LANGUAGE plpgsql
        """,
        """
        CREATE TRIGGER accounts_roleact_never_emptied
        BEFORE TRUNCATE ON accounts_roleact
        FOR EACH STATEMENT EXECUTE FUNCTION never_emptied()
        """,
        # Also on a connection that says it replays what another server did.
        "ALTER TABLE accounts_roleact ENABLE ALWAYS TRIGGER accounts_roleact_append_only",
        "ALTER TABLE accounts_roleact ENABLE ALWAYS TRIGGER accounts_roleact_never_emptied",
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
        "DROP TRIGGER accounts_roleact_never_emptied ON accounts_roleact",
        "DROP FUNCTION never_emptied()",
        "DROP TRIGGER accounts_roleact_append_only ON accounts_roleact",
        "DROP FUNCTION accounts_roleact_is_append_only()",
    ],
    "sqlite": ["DROP TRIGGER accounts_roleact_append_only"],
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            # No parameters: a percent sign stands for itself.
            schema_editor.execute(statement, None)

    return run


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_acts_by_roles")]

    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD), elidable=False)]
