"""Invitation links: what a secret turns out to be, and making the copied ones. Of a secret only its hash is kept (R-INV-1, R-INV-7)."""

from datetime import timedelta

from django.conf import settings

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.invitations import InvitationState, Link, Term, Way
from keyholder.domain.refusals import TooMany
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import proofs
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.proofs import Purpose
from keyholder.storage import attempts
from keyholder.storage.models import Invitation, InvitationLink

SPAN = timedelta(minutes=15)
FROM_ONE_ADDRESS = 30
"""Secrets that were none, from one client address within a quarter of an hour, before the next must wait."""
FROM_EVERYBODY = 3000
WAIT = _("Too many links that lead nowhere came from here. Wait {minutes} minutes and try again.")


def are_copied() -> bool:
    """Say whether links may be handed over by hand: the operator's setting."""
    return bool(settings.COPIED_LINKS)


def term_of(row: Invitation, catalogue: Catalogue) -> Term:
    """Return how an invitation's row stands, with the days that its platform gives it."""
    return Term(InvitationState(row.state), row.generation, row.sent_at, catalogue.of(row.account.type).invitation_days)


def opened(*, by: Caller, secret: str) -> Link:
    """Return what a secret leads to. Whoever opens it need not be signed in.

    Raises NotFound for whatever is no secret of this instance, in the same words for each, and TooMany after too many of those.
    """
    link = read(secret)
    if link is None:
        _count(by)
        raise not_there()
    return link


def read(secret: str) -> Link | None:
    """Return what a secret leads to: by its signature, or by its hash; None for anything else."""
    mailed = proofs.read_mailed(Purpose.INVITATION, secret)
    if mailed is not None:
        there = Invitation.objects.filter(pk=mailed.number, generation__gte=mailed.generation).exists()
        return Link(mailed.number, mailed.generation, Way.MAILED) if there else None
    kept = proofs.digest(secret)
    row = InvitationLink.objects.filter(digest=kept).first() if kept else None
    return None if row is None else Link(row.invitation_id, row.generation, Way.COPIED)


def keep(row: Invitation, random: bytes) -> str:
    """Make a copied link of an invitation's present generation and return its secret, which is shown once; empty where they are off."""
    if not are_copied():
        return ""
    secret = proofs.copied(random)
    InvitationLink.objects.create(invitation=row, digest=proofs.digest(secret), generation=row.generation)
    return secret


def _count(by: Caller) -> None:
    most = {f"link:{by.address}": FROM_ONE_ADDRESS, "link": FROM_EVERYBODY}
    if not attempts.take(most, by.at, SPAN):
        raise TooMany("too_many_attempts", sentence(WAIT, minutes=int(SPAN.total_seconds() // 60)), seconds=int(SPAN.total_seconds()))
