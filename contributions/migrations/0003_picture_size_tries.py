from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0002_decisions_are_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="picture",
            name="size_tries",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
    ]
