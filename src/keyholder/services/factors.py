"""Second factors: who has one, who is asked for one, and which step of signing in comes next (semantics 7, R-OIDC-12)."""

from enum import StrEnum

from keyholder.domain.identifiers import PrincipalId
from keyholder.storage import factors
from keyholder.storage.models import Authenticator, Passkey


class Step(StrEnum):
    """What is left to do for somebody who has proven one thing."""

    NOTHING = "nothing"
    """They are in."""
    SECOND = "second"
    """Prove the second factor that they have."""
    ENROL = "enrol"
    """Set a second factor up: an organization asks for one of its managers."""


def has_one(user: PrincipalId) -> bool:
    """Say whether a person has a second factor."""
    return Authenticator.objects.filter(user=user).exists() or Passkey.objects.filter(user=user).exists()


def next_step(user: PrincipalId) -> Step:
    """Return what comes after the first proof."""
    if has_one(user):
        return Step.SECOND
    return Step.ENROL if is_asked_for_one(user) else Step.NOTHING


def is_asked_for_one(user: PrincipalId) -> bool:
    """Say whether an organization of which the person is a manager asks for a second factor."""
    return factors.is_asked_for_one(user)
