"""Let the database itself keep the ledger: whole groups that sum to zero, and nothing changed.

The entries of a group come first and the posting closes it, so the posting is where the group can
be weighed; entries without a posting fail at the end of the transaction, by the deferred foreign
key. On PostgreSQL a lock per group keeps a second transaction from slipping an entry into a group
that another one is about to close.

PostgreSQL also refuses to delete; SQLite cannot tell a deletion from emptying the table for the
next test, so there the queryset alone refuses it.
"""

from django.db import migrations

KEPT = ("budgets_posting", "budgets_entry", "budgets_stagechange")

FORWARD = {
    "postgresql": [
        """
        CREATE FUNCTION budgets_group_is_whole() RETURNS trigger AS $$
        DECLARE
            entries bigint;
            total numeric;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended(NEW.id::text, 0));
            SELECT count(*), coalesce(sum(cents), 0) INTO entries, total
            FROM budgets_entry WHERE posting_id = NEW.id;
            IF entries < 2 THEN
                RAISE EXCEPTION 'a posting needs two entries or more, written before it'
                USING ERRCODE = 'check_violation';
            ELSIF total <> 0 THEN
                RAISE EXCEPTION 'the entries of a posting sum to zero'
                USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END;
        $$ LANGUAGE plpgsql
        """,
        """
        CREATE TRIGGER budgets_posting_group_is_whole BEFORE INSERT ON budgets_posting
        FOR EACH ROW EXECUTE FUNCTION budgets_group_is_whole()
        """,
        """
        CREATE FUNCTION budgets_group_is_open() RETURNS trigger AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended(NEW.posting_id::text, 0));
            IF EXISTS (SELECT 1 FROM budgets_posting WHERE id = NEW.posting_id) THEN
                RAISE EXCEPTION 'a closed posting takes no more entries'
                USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END;
        $$ LANGUAGE plpgsql
        """,
        """
        CREATE TRIGGER budgets_entry_group_is_open BEFORE INSERT ON budgets_entry
        FOR EACH ROW EXECUTE FUNCTION budgets_group_is_open()
        """,
        """
        CREATE FUNCTION budgets_only_grows() RETURNS trigger AS $$
        BEGIN
            RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END;
        $$ LANGUAGE plpgsql
        """,
        *(
            f"""
            CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION budgets_only_grows()
            """
            for table in KEPT
        ),
    ],
    "sqlite": [
        """
        CREATE TRIGGER budgets_posting_group_is_whole BEFORE INSERT ON budgets_posting
        BEGIN
            SELECT RAISE(ABORT, 'a posting needs two entries or more, written before it')
            WHERE (SELECT count(*) FROM budgets_entry WHERE posting_id = NEW.id) < 2;
            SELECT RAISE(ABORT, 'the entries of a posting sum to zero')
            WHERE (SELECT sum(cents) FROM budgets_entry WHERE posting_id = NEW.id) <> 0;
        END
        """,
        """
        CREATE TRIGGER budgets_entry_group_is_open BEFORE INSERT ON budgets_entry
        BEGIN
            SELECT RAISE(ABORT, 'a closed posting takes no more entries')
            WHERE EXISTS (SELECT 1 FROM budgets_posting WHERE id = NEW.posting_id);
        END
        """,
        *(
            f"""
            CREATE TRIGGER {table}_only_grows BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} only grows'); END
            """
            for table in KEPT
        ),
    ],
}
BACKWARD = {
    "postgresql": [
        *(f"DROP TRIGGER {table}_only_grows ON {table}" for table in KEPT),
        "DROP TRIGGER budgets_entry_group_is_open ON budgets_entry",
        "DROP TRIGGER budgets_posting_group_is_whole ON budgets_posting",
        "DROP FUNCTION budgets_only_grows()",
        "DROP FUNCTION budgets_group_is_open()",
        "DROP FUNCTION budgets_group_is_whole()",
    ],
    "sqlite": [
        *(f"DROP TRIGGER {table}_only_grows" for table in KEPT),
        "DROP TRIGGER budgets_entry_group_is_open",
        "DROP TRIGGER budgets_posting_group_is_whole",
    ],
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement, None)

    return run


class Migration(migrations.Migration):
    dependencies = [("budgets", "0001_initial")]

    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD), elidable=False)]
