"""First administrators: an invitation that closes the edge of its account once it is accepted."""

from importlib import import_module

from django.db import migrations, models

invitations = import_module("keyholder.storage.migrations.0008_invitations")


class Migration(migrations.Migration):
    """SQLite makes the table anew for a column, and with it the trigger that holds what was answered."""

    dependencies = [("storage", "0008_invitations")]

    operations = [
        migrations.RunPython(invitations.drop_trigger, invitations.make_trigger),
        migrations.AddField(model_name="invitation", name="closes", field=models.BooleanField(default=False)),
        migrations.RunPython(invitations.make_trigger, invitations.drop_trigger),
    ]
