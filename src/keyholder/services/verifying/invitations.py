"""Invitations: I-INV-1 to 6, as far as the present state and its log can show them."""

from collections.abc import Iterator

from keyholder.domain.addresses import canon
from keyholder.domain.invitations import Way
from keyholder.domain.sentences import gettext_noop as _
from keyholder.services.verifying.findings import Finding, Instance, finding
from keyholder.storage import invitation_tallies as tallies

TWICE = _("Invitation {row} was answered {times} times.")
UNTOLD = _("Invitation {row} says that it was {state}, and no event says so.")
LATE = _("Invitation {row} was accepted when its time was over, or before it was sent.")
SOMEBODY_ELSE = _("Invitation {row} was accepted by somebody who never had the address that it was for.")
UNPROVEN = _("Invitation {row} was accepted by the mailed link, and the address is not proven.")
NOT_CANONICAL = _("The address of invitation {row} is not stored in its canonical form.")
OUT_OF_PLACE = _("Invitation {row} plans something outside its account.")
NOBODYS = _("Nobody is left of those who made invitation {row} or give anything of it.")
NEVER_GIVEN = _("Invitation {row} gave something that it did not hold.")
TWO = _("Two invitations of one address to one account are pending: {row} is one of them.")


def single_use(_instance: Instance) -> Iterator[Finding]:
    """I-INV-1: each answer was given once and is in the log."""
    for row, state, times in tallies.answers():
        if times > 1:
            yield finding("I-INV-1", TWICE, "invitation", row, times=times)
        elif not times:
            yield finding("I-INV-1", UNTOLD, "invitation", row, state=state)


def terms(instance: Instance) -> Iterator[Finding]:
    """I-INV-2: what was accepted was accepted in its time."""
    for term, row, settled_at in tallies.accepted_terms(instance.catalogue):
        if not term.sent_at <= settled_at < term.expires_at:
            yield finding("I-INV-2", LATE, "invitation", row)


def addresses(_instance: Instance) -> Iterator[Finding]:
    """I-INV-3: who accepted had the invited address; by the mailed link it is proven since."""
    for row in tallies.by_somebody_else():
        yield finding("I-INV-3", SOMEBODY_ELSE, "invitation", row)
    for row in tallies.unproven(Way.MAILED.value):
        yield finding("I-INV-3", UNPROVEN, "invitation", row)
    for row, email, canonical in tallies.addresses():
        if canon(email) != canonical:
            yield finding("I-INV-3", NOT_CANONICAL, "invitation", row)


def conferred(_instance: Instance) -> Iterator[Finding]:
    """I-INV-4: what an acceptance wrote is what the invitation held."""
    for row in tallies.beyond_plan():
        yield finding("I-INV-4", NEVER_GIVEN, "invitation", row)


def places(_instance: Instance) -> Iterator[Finding]:
    """I-INV-5: a pending invitation is about its account and what is below it, and somebody is left who gives something of it."""
    for row in tallies.out_of_place():
        yield finding("I-INV-5", OUT_OF_PLACE, "invitation", row)
    for row in tallies.by_the_deleted():
        yield finding("I-INV-5", NOBODYS, "invitation", row)


def pending(_instance: Instance) -> Iterator[Finding]:
    """I-INV-6: one pending invitation for an address and an account."""
    for row in tallies.pending_twice():
        yield finding("I-INV-6", TWO, "invitation", row)
