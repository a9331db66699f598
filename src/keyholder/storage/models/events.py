"""Events and the change feed: what happened, in order, chained by hashes (R-AUD-1 to 4)."""

from django.db import models

from keyholder.storage.models.columns import reference
from keyholder.storage.models.tenants import Tenant


class Event(models.Model):
    """One entry of a tenant's log. Nothing changes or deletes it: triggers refuse (R-AUD-2)."""

    tenant = reference(Tenant)
    number = models.BigIntegerField()
    revision = models.BigIntegerField(null=True, blank=True)
    """NULL for a refused attempt: it takes a number but no revision."""
    at = models.DateTimeField()
    actor = models.BigIntegerField(null=True, blank=True)
    """The principal's id; NULL for the operator's command line and the system."""
    actor_name = models.CharField(max_length=400)
    on_behalf_of = models.BigIntegerField(null=True, blank=True)
    channel = models.CharField(max_length=20)
    action = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=40)
    target = models.BigIntegerField(null=True, blank=True)
    resource = models.BigIntegerField(null=True, blank=True)
    """The node it happened at, where there is one: activity is shown by node."""
    subject = models.BigIntegerField(null=True, blank=True)
    """The principal it happened to, where there is one."""
    details = models.JSONField(default=dict)
    """What fills the event's sentence: names as they were."""
    changes = models.JSONField(default=list)
    """Rows before and after: ``[noun, id, before, after]``."""
    reason = models.TextField(blank=True, default="")
    refused = models.CharField(max_length=60, blank=True, default="")
    """Code of the refusal, for an attempt that was refused."""
    request_id = models.CharField(max_length=64, blank=True, default="")
    address = models.CharField(max_length=64, blank=True, default="")
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        """Numbers are gap-free in a tenant."""

        db_table = "event"
        constraints = (models.UniqueConstraint(fields=["tenant", "number"], name="event_number_once"),)
        indexes = (
            models.Index(fields=["resource", "-id"], name="event_at_resource"),
            models.Index(fields=["subject", "-id"], name="event_about_subject"),
            models.Index(fields=["actor", "-id"], name="event_by_actor"),
            models.Index(fields=["tenant", "-id"], name="event_in_tenant"),
        )


class FeedEntry(models.Model):
    """Which row changed at which revision: what caches follow."""

    tenant = reference(Tenant)
    revision = models.BigIntegerField()
    sequence = models.IntegerField()
    noun = models.CharField(max_length=40)
    row = models.BigIntegerField()

    class Meta:
        """In order within a tenant."""

        db_table = "feed_entry"
        constraints = (models.UniqueConstraint(fields=["tenant", "revision", "sequence"], name="feed_entry_once"),)
