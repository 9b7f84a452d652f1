"""Forget the grants of a role that never opened a page: a council's seats say who sits there.

In a step of its own: PostgreSQL does not change a table with rows of this transaction pending.
"""

from django.db import migrations


def forget_council_members(apps, schema_editor):
    apps.get_model("accounts", "RoleGrant").objects.filter(role="council_member").delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunPython(forget_council_members, migrations.RunPython.noop, elidable=True)
    ]
