"""The outbox: I-OB-1."""

from collections.abc import Iterator

from keyholder.domain.sentences import gettext_noop as _
from keyholder.services.verifying.findings import Finding, Instance, finding
from keyholder.storage import outbox

TWICE = _("The letter {row} says again what letter {other} of the same act said to the same address.")
UNSETTLED = _("The letter {row} is in a state that does not go with when it was leased, settled or refused.")


def letters(_instance: Instance) -> Iterator[Finding]:
    """I-OB-1: an act tells nobody the same twice, and a letter is settled in exactly the states that are an end."""
    for row, other in outbox.repeated():
        yield finding("I-OB-1", TWICE, "letter", row, other=other)
    for row in outbox.unsettled():
        yield finding("I-OB-1", UNSETTLED, "letter", row)
