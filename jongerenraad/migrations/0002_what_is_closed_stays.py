"""Let the database itself refuse to change a vote that is closed.

PostgreSQL also refuses to delete; SQLite cannot tell a deletion from emptying the table for the
next test, so there nothing but the actions stands against it.
"""

from django.db import migrations

MATTER = "jongerenraad_matter"
VIEW = "jongerenraad_minorityview"
#: Table → the column that leads to the matter, and by which table for the ballots of open votes.
ROWS = {
    "jongerenraad_vote": (
        "(SELECT matter_id FROM jongerenraad_elector WHERE id = {row}.elector_id)"
    ),
    "jongerenraad_secretvote": "{row}.matter_id",
    "jongerenraad_elector": "{row}.matter_id",
    "jongerenraad_matterkey": "{row}.matter_id",
}
CLOSED = "EXISTS (SELECT 1 FROM jongerenraad_matter WHERE closed_at IS NOT NULL AND id = {of})"
OPEN = "EXISTS (SELECT 1 FROM jongerenraad_matter WHERE closed_at IS NULL AND id = {of})"


def _closed(of, row):
    return CLOSED.format(of=of.format(row=row))


def _postgresql():
    for table, of in ROWS.items():
        yield f"""
            CREATE FUNCTION {table}_is_closed() RETURNS trigger AS $$
            BEGIN
                IF TG_OP <> 'INSERT' AND {_closed(of, "OLD")} THEN
                    RAISE EXCEPTION 'this vote is closed' USING ERRCODE = 'check_violation';
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                IF {_closed(of, "NEW")} THEN
                    RAISE EXCEPTION 'this vote is closed' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END;
            $$ LANGUAGE plpgsql
        """
        yield f"""
            CREATE TRIGGER {table}_closed BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_is_closed()
        """
    yield f"""
        CREATE FUNCTION {MATTER}_is_closed() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION 'this vote is closed' USING ERRCODE = 'check_violation'; END;
        $$ LANGUAGE plpgsql
    """
    yield f"""
        CREATE TRIGGER {MATTER}_closed BEFORE UPDATE OR DELETE ON {MATTER}
        FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION {MATTER}_is_closed()
    """
    yield f"""
        CREATE FUNCTION {VIEW}_is_append_only() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'INSERT' AND NOT {OPEN.format(of="NEW.matter_id")} THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'a view of a minority is written once, after the vote'
                USING ERRCODE = 'check_violation';
        END;
        $$ LANGUAGE plpgsql
    """
    yield f"""
        CREATE TRIGGER {VIEW}_append_only BEFORE INSERT OR UPDATE OR DELETE ON {VIEW}
        FOR EACH ROW EXECUTE FUNCTION {VIEW}_is_append_only()
    """


def _sqlite():
    for table, of in ROWS.items():
        for act, rows in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"])):
            is_closed = " OR ".join(_closed(of, row) for row in rows)
            yield f"""
                CREATE TRIGGER {table}_closed_{act.lower()} BEFORE {act} ON {table}
                WHEN {is_closed}
                BEGIN SELECT RAISE(ABORT, 'this vote is closed'); END
            """
    yield f"""
        CREATE TRIGGER {MATTER}_closed BEFORE UPDATE ON {MATTER} WHEN OLD.closed_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'this vote is closed'); END
    """
    yield f"""
        CREATE TRIGGER {VIEW}_append_only BEFORE UPDATE ON {VIEW}
        BEGIN SELECT RAISE(ABORT, 'a view of a minority is written once'); END
    """
    yield f"""
        CREATE TRIGGER {VIEW}_after_the_vote BEFORE INSERT ON {VIEW}
        WHEN {OPEN.format(of="NEW.matter_id")}
        BEGIN SELECT RAISE(ABORT, 'a view of a minority is written after the vote'); END
    """


def _backward(vendor):
    tables = {**dict.fromkeys([*ROWS, MATTER], "closed"), VIEW: "append_only"}
    if vendor == "sqlite":
        for table in ROWS:
            yield f"DROP TRIGGER {table}_closed_insert"
            yield f"DROP TRIGGER {table}_closed_update"
        yield f"DROP TRIGGER {MATTER}_closed"
        yield f"DROP TRIGGER {VIEW}_append_only"
        yield f"DROP TRIGGER {VIEW}_after_the_vote"
        return
    for table, what in tables.items():
        yield f"DROP TRIGGER {table}_{what} ON {table}"
        yield f"DROP FUNCTION {table}_is_{what}()"


def forward(apps, schema_editor):
    made = {"postgresql": _postgresql, "sqlite": _sqlite}[schema_editor.connection.vendor]
    for statement in made():
        schema_editor.execute(statement)


def backward(apps, schema_editor):
    for statement in _backward(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("jongerenraad", "0001_initial")]

    operations = [migrations.RunPython(forward, backward, elidable=False)]
