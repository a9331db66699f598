"""Soundness: what must hold in every state, for any test to ask at its end."""

from keyholder.services.queries.verification import INVARIANTS, verify
from tests.cast import OPERATOR

OF_THE_MACHINE = "I-DB-1"
"""The databases of tests trade durability for speed."""


def faults(*only: str, sample: int = 10) -> list[tuple[str, str]]:
    """Return the invariants that do not hold, each with what was found; a small world takes well below a tenth of a second."""
    asked = only or tuple(name for name in INVARIANTS if name != OF_THE_MACHINE)
    return [(finding.invariant, str(finding.what)) for finding in verify(by=OPERATOR, only=asked, sample=sample)]
