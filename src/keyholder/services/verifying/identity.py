"""Identity: I-ID-1, I-ID-3."""

from collections.abc import Iterator

from keyholder.domain.addresses import canon
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.services.verifying.findings import Finding, Instance, finding
from keyholder.storage import tallies

NOT_CANONICAL = _("The address of {noun} {row} is not stored in its canonical form.")
NOT_PROVEN = _("The address of {noun} {row} counts as proven, and the log holds no proof.")


def addresses(_instance: Instance) -> Iterator[Finding]:
    """I-ID-1: the canonical address is that of the address as it was typed; that nobody else has it is the database's own constraint."""
    for user, email, canonical in tallies.addresses():
        if _canonical(email) != canonical:
            yield finding("I-ID-1", NOT_CANONICAL, "user", user)


def proofs(_instance: Instance) -> Iterator[Finding]:
    """I-ID-3: an address is marked as proven only where an event about the person marked it."""
    for user in tallies.unproven():
        yield finding("I-ID-3", NOT_PROVEN, "user", user)


def _canonical(email: str) -> str | None:
    try:
        return canon(email)
    except Invalid:
        return None
