from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_devices_identities_and_resets")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="left_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="left at"
            ),
        ),
    ]
