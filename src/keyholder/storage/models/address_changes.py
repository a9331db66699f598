"""Addresses that wait to be proven. No facts: what was proven is told by the event that changes the person."""

from django.db import models

from keyholder.storage.models.columns import BytesText
from keyholder.storage.models.principals import User


class AddressChange(models.Model):
    """The address that somebody wants to have, or to prove as their own: one at a time; done or dropped, it is gone (R-EML-7)."""

    user = models.OneToOneField(User, on_delete=models.DO_NOTHING, related_name="+")
    email = models.CharField(max_length=320)
    canonical = BytesText()
    generation = models.BigIntegerField(default=1)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        """Under its own name."""

        db_table = "address_change"
