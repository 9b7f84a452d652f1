"""Let PostgreSQL also refuse to empty the table of acts by roles at a stroke.

Tests empty all tables between each other: their connections alone carry the setting that lets it
pass (``tests/settings.py``).
"""

from django.db import migrations

FORWARD = [
    """
    CREATE FUNCTION accounts_roleact_is_never_emptied() RETURNS trigger AS $$
    BEGIN
        IF current_setting('participatie.tests_empty_tables', true) = 'yes' THEN
            RETURN NULL;
        END IF;
        RAISE EXCEPTION 'acts by roles are append-only';
    END;
    $$ LANGUAGE plpgsql
    """,
    """
    CREATE TRIGGER accounts_roleact_never_emptied
    BEFORE TRUNCATE ON accounts_roleact
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_roleact_is_never_emptied()
    """,
]
BACKWARD = [
    "DROP TRIGGER accounts_roleact_never_emptied ON accounts_roleact",
    "DROP FUNCTION accounts_roleact_is_never_emptied()",
]


def _run(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_acts_by_roles_are_append_only")]

    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD), elidable=False)]
