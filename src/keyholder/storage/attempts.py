"""Attempts to sign in, counted by key within a span of time (R-RAT-1)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db.models import Count

from keyholder.storage.models import SignInAttempt


def take(most: Mapping[str, int], at: datetime, span: timedelta) -> bool:
    """Write an attempt down under every key, and say whether there were no more within the span than ``most`` of each key.

    It is written before it is counted, so racing attempts all count; one whose key another forgets in between counts no more. One that
    was one too many is taken back: waiting must not prolong the wait. What is too old to count is forgotten.
    """
    SignInAttempt.objects.filter(at__lte=at - span).delete()
    SignInAttempt.objects.bulk_create([SignInAttempt(key=key, at=at) for key in most])
    counted = dict(SignInAttempt.objects.filter(key__in=most, at__gt=at - span).values_list("key").annotate(number=Count("pk")))
    if all(counted.get(key, 0) <= number for key, number in most.items()):
        return True
    _withdraw(most, at)
    return False


def mark(key: str, at: datetime) -> None:
    """Write something down that counts for nothing: so that a transaction has something to commit, whatever else it keeps (R-ENU-1)."""
    SignInAttempt.objects.create(key=key, at=at)


def forget(key: str) -> None:
    """Forget the attempts under a key, after one that succeeded."""
    SignInAttempt.objects.filter(key=key).delete()


def _withdraw(keys: Collection[str], at: datetime) -> None:
    for key in keys:
        newest = SignInAttempt.objects.filter(key=key, at=at).order_by("-pk").first()
        if newest is not None:
            newest.delete()
