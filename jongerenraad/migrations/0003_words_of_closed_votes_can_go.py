"""Let one change of a closed vote pass: taking a member's words away, when the member has left.

Who voted, what, and the result stay as they are; whatever else would change is refused as before.
"""

from importlib import import_module

from django.db import migrations

before = import_module("jongerenraad.migrations.0002_what_is_closed_stays")

GONE = "'', '–'"
#: Table → the column with words, and all its other columns.
WORDS = {
    "jongerenraad_vote": ("word", ("id", "elector_id", "choice", "cast_at")),
    "jongerenraad_elector": (
        "reason",
        ("id", "matter_id", "membership_id", "stepped_aside", "has_voted", "receipt"),
    ),
}


def _function(table, of, *, words):
    column = WORDS[table][0]
    passes = f"""
        IF TG_OP = 'UPDATE' THEN
            IF NEW.{column} IN (OLD.{column}, {GONE}) THEN
                OLD.{column} := NEW.{column};
                IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
            END IF;
        END IF;
    """
    return f"""
        CREATE OR REPLACE FUNCTION {table}_is_closed() RETURNS trigger AS $$
        BEGIN
            {passes if words else ""}
            IF TG_OP <> 'INSERT' AND {before._closed(of, "OLD")} THEN
                RAISE EXCEPTION 'this vote is closed' USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            IF {before._closed(of, "NEW")} THEN
                RAISE EXCEPTION 'this vote is closed' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END;
        $$ LANGUAGE plpgsql
    """


def _trigger(table, of, *, words):
    column, others = WORDS[table]
    is_closed = " OR ".join(before._closed(of, row) for row in ("OLD", "NEW"))
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in others)
    passes = f"AND NOT ({same} AND NEW.{column} IN (OLD.{column}, {GONE}))"
    return f"""
        CREATE TRIGGER {table}_closed_update BEFORE UPDATE ON {table}
        WHEN ({is_closed}) {passes if words else ""}
        BEGIN SELECT RAISE(ABORT, 'this vote is closed'); END
    """


def _run(*, words):
    def run(apps, schema_editor):
        for table in WORDS:
            of = before.ROWS[table]
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(_function(table, of, words=words), None)
            else:
                schema_editor.execute(f"DROP TRIGGER {table}_closed_update", None)
                schema_editor.execute(_trigger(table, of, words=words), None)

    return run


class Migration(migrations.Migration):
    dependencies = [("jongerenraad", "0002_what_is_closed_stays")]

    operations = [migrations.RunPython(_run(words=True), _run(words=False), elidable=False)]
