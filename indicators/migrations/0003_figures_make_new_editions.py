"""Stamp a new edition of the figures whenever anything about them changes.

SQLite forgets the triggers of a table that a later migration makes anew: such a migration makes
them again (tests/indicators/test_edition.py tells).
"""

from django.db import migrations

#: What a page with figures shows of them: areas by their names and places, figures with all theirs.
TABLES = (
    "areas_area",
    "indicators_theme",
    "indicators_targetgroup",
    "indicators_intervention",
    "indicators_indicator",
    "indicators_indicator_interventions",
    "indicators_measurement",
    "indicators_target",
)
LOT = {
    "postgresql": "floor(random() * 9000000000000000)::bigint",
    "sqlite": "(random() & 9007199254740991)",
}


def stamp(vendor):
    lot = LOT[vendor]
    return (
        f"INSERT INTO indicators_edition (id, stamp) VALUES (1, {lot})"
        f" ON CONFLICT (id) DO UPDATE SET stamp = {lot};"
    )


def watch(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION indicators_new_edition() RETURNS trigger AS $$ BEGIN"
            f" {stamp(vendor)} RETURN NULL; END; $$ LANGUAGE plpgsql"
        )
        for table in TABLES:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_new_edition AFTER INSERT OR UPDATE OR DELETE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION indicators_new_edition()"
            )
    elif vendor == "sqlite":
        for table in TABLES:
            for event in ("INSERT", "UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_new_edition_{event.lower()} AFTER {event} ON {table}"
                    f" BEGIN {stamp(vendor)} END"
                )


def unwatch(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        if vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_new_edition ON {table}")
        elif vendor == "sqlite":
            for event in ("insert", "update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_new_edition_{event}")
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION indicators_new_edition()")


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0002_postcodes"),
        ("indicators", "0002_figures"),
    ]

    operations = [migrations.RunPython(watch, unwatch)]
