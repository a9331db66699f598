"""Handing over: a planned role may be given in the place of somebody who has it until then, and steps down with the acceptance.

The trash: what lies there is found by its path, for every list that leaves out what is below it.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("storage", "0015_link_letters"),
    ]

    operations = [
        migrations.AddField(
            model_name="plannedbinding",
            name="in_place_of",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="storage.principal"
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedbinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("in_place_of__isnull", True), ("role__gt", ""), _connector="OR"),
                name="planned_binding_in_place_of_role",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(condition=models.Q(("trashed_at__isnull", False)), fields=["path"], name="resource_trashed"),
        ),
    ]
