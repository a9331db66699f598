"""Which blueprints the rows were written with, so that a changed file is noticed when the program starts."""

from django.db import models


class BlueprintRecord(models.Model):
    """The permissions of a blueprint in the order of their bits, as the masks of the bindings were computed."""

    name = models.CharField(max_length=60, primary_key=True)
    permissions = models.JSONField(default=list)
    roles = models.JSONField(default=dict)

    class Meta:
        """One row for each blueprint."""

        db_table = "blueprint_record"
