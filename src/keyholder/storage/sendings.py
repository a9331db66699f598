"""Sendings of invitations, counted by inviter, address and account within a day (R-INV-17)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db.models import Count

from keyholder.storage.models import InvitationSending

SPAN = timedelta(days=1)


def note(keys: Collection[str], at: datetime) -> Mapping[str, int]:
    """Write sendings down, a key as often as it is given, and return how many each has within the day before, these included."""
    InvitationSending.objects.filter(at__lte=at - SPAN).delete()
    InvitationSending.objects.bulk_create([InvitationSending(key=key, at=at) for key in keys], batch_size=500)
    asked = sorted(set(keys))
    found: dict[str, int] = {}
    for start in range(0, len(asked), 500):
        counted = InvitationSending.objects.filter(key__in=asked[start : start + 500], at__gt=at - SPAN)
        found |= dict(counted.values_list("key").annotate(number=Count("pk")))
    return found
