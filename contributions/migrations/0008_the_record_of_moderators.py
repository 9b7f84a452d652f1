"""Let the database guard decisions with their new columns, and the notes of moderators.

SQLite makes a table anew when a column or a constraint is added, and loses its triggers by it: the
one on decisions is made again here. Of both, the words can be taken away when somebody leaves, and
nothing else ever changes.
"""

from django.db import migrations

GONE = "'', '–'"
ACT = "contributions_authoract"
DECISION = "contributions_decision"
DECISION_KEEPS = (
    "id", "dossier_id", "outcome", "from_status", "to_status", "rule_id", "automatic",
    "decided_by_id", "decided_at", "picture_id", "waited_as", "undoes_id",
    "words_language", "marked",
)  # fmt: skip
NOTE = "contributions_note"
NOTE_KEEPS = (
    "id", "dossier_id", "written_by_id", "written_at", "passed_to_id", "passed_to_office",
)  # fmt: skip


def _guard_in_sqlite(table, keeps, words, message):
    return f"""
        CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
        WHEN NOT (
            {" AND ".join(f"NEW.{name} IS OLD.{name}" for name in keeps)}
            AND {" AND ".join(f"NEW.{name} IN (OLD.{name}, {GONE})" for name in words)}
        )
        BEGIN SELECT RAISE(ABORT, '{message}'); END
        """


FORWARD = {
    "postgresql": [
        f"""
        CREATE FUNCTION contributions_note_is_append_only() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF NEW.text IN (OLD.text, {GONE}) THEN
                    OLD.text := NEW.text;
                    IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
                END IF;
            END IF;
            RAISE EXCEPTION 'notes are append-only';
        END;
        $$ LANGUAGE plpgsql
        """,
        f"""
        CREATE TRIGGER {NOTE}_append_only BEFORE UPDATE OR DELETE ON {NOTE}
        FOR EACH ROW EXECUTE FUNCTION contributions_note_is_append_only()
        """,
        *(
            f"""
            CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION never_emptied()
            """
            for table in (DECISION, NOTE, ACT)
        ),
        *(
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{trigger}"
            for table in (DECISION, NOTE, ACT)
            for trigger in ("append_only", "never_emptied")
        ),
    ],
    "sqlite": [
        f"DROP TRIGGER IF EXISTS {DECISION}_append_only",
        _guard_in_sqlite(
            DECISION, DECISION_KEEPS, ("reason", "facts"), "decisions are append-only"
        ),
        _guard_in_sqlite(NOTE, NOTE_KEEPS, ("text",), "notes are append-only"),
    ],
}
BACKWARD = {
    "postgresql": [
        *(f"DROP TRIGGER {table}_never_emptied ON {table}" for table in (DECISION, NOTE, ACT)),
        *(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only" for table in (DECISION, ACT)),
        f"DROP TRIGGER {NOTE}_append_only ON {NOTE}",
        "DROP FUNCTION contributions_note_is_append_only()",
    ],
    # The one on decisions names columns that go with the migration before this one.
    "sqlite": [f"DROP TRIGGER {NOTE}_append_only", f"DROP TRIGGER {DECISION}_append_only"],
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement, None)

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_acts_by_roles_are_append_only"),
        ("contributions", "0007_moderation_with_rights"),
    ]

    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD), elidable=False)]
