"""Let PostgreSQL read lists in one process: starting helpers takes longer than reading a page.

Where a page is found after some thousand rows (a search, a rare filter), it planned two helpers and
waited some ten milliseconds for them to start; visitors are served beside each other already.
"""

from django.db import migrations


def _run(statement):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("ideas", "0007_promises")]

    operations = [
        migrations.RunPython(
            _run("ALTER TABLE ideas_initiative SET (parallel_workers = 0)"),
            _run("ALTER TABLE ideas_initiative RESET (parallel_workers)"),
            elidable=False,
        )
    ]
