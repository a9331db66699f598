"""Identity: I-ID-1."""

from collections.abc import Iterator

from keyholder.domain.addresses import canon
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.services.verifying.findings import Finding, Instance, finding
from keyholder.storage import tallies

NOT_CANONICAL = _("The address of {noun} {row} is not stored in its canonical form.")
TWICE = _("{noun} {row} has the address of somebody else.")


def addresses(_instance: Instance) -> Iterator[Finding]:
    """I-ID-1: the canonical address is that of the address as it was typed, and nobody else's."""
    seen: set[str] = set()
    for user, email, canonical in tallies.addresses():
        if _canonical(email) != canonical:
            yield finding("I-ID-1", NOT_CANONICAL, "user", user)
        if canonical in seen:
            yield finding("I-ID-1", TWICE, "user", user)
        seen.add(canonical)


def _canonical(email: str) -> str | None:
    try:
        return canon(email)
    except Invalid:
        return None
