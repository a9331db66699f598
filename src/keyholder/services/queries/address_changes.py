"""What the page of a proof shows: whose address it would be."""

from dataclasses import dataclass

from keyholder.services import address_proofs
from keyholder.services.caller import Caller


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """An address that waits for its proof; who opened the letter may read both."""

    name: str
    address: str
    is_anothers: bool
    """The reader is not signed in as whoever wants it: only they take another address than the one they have."""


def waiting(*, by: Caller, number: int, generation: int) -> WaitingChange | None:
    """Return the change that waits for a proof; None where none does. Nothing is used up by looking."""
    found = address_proofs.waiting(number, generation, by.at)
    return WaitingChange(found.user.name, found.email, address_proofs.is_anothers(found, by.principal)) if found else None
