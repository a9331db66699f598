"""Bulk: a command on several rows is one transaction, all or none; each refused row says why (semantics 4, R053)."""

from collections.abc import Collection, Sequence

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Refusal, Refusals, RefusedRow


def refuse(asked: Collection[PrincipalId], refused: Sequence[tuple[PrincipalId, Refusal]]) -> None:
    """Raise what was refused, if anything: one row asked for as it is, several together, each named by its principal's number."""
    if refused and len(asked) == 1:
        raise refused[0][1]
    if refused:
        raise Refusals([RefusedRow(str(principal), refusal) for principal, refusal in refused])
