"""Attempts to sign in, counted by key within a span of time (R-RAT-1)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db.models import Count

from keyholder.storage.models import SignInAttempt


def note(keys: Collection[str], at: datetime, span: timedelta) -> Mapping[str, int]:
    """Write an attempt down under every key, first, and return how many each has within the span before it: racing attempts all count.

    What is too old to count is forgotten.
    """
    SignInAttempt.objects.filter(at__lte=at - span).delete()
    SignInAttempt.objects.bulk_create([SignInAttempt(key=key, at=at) for key in keys])
    counted = SignInAttempt.objects.filter(key__in=keys, at__gt=at - span).values_list("key").annotate(number=Count("pk"))
    return dict(counted)


def mark(key: str, at: datetime) -> None:
    """Write something down that counts for nothing: so that a transaction has something to commit, whatever else it keeps (R-ENU-1)."""
    SignInAttempt.objects.create(key=key, at=at)


def withdraw(keys: Collection[str], at: datetime) -> None:
    """Take an attempt back that never reached the hasher: waiting must not prolong the wait."""
    for key in keys:
        newest = SignInAttempt.objects.filter(key=key, at=at).order_by("-pk").first()
        if newest is not None:
            newest.delete()


def forget(key: str) -> None:
    """Forget the attempts under a key, after one that succeeded."""
    SignInAttempt.objects.filter(key=key).delete()
