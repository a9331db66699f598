"""Groups contain groups without cycles, and no chain is longer than twenty (R074, R-PRV-4, I-GR-1). Edges count whatever their window."""

from collections.abc import Iterator

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.engine import hierarchy
from keyholder.services.act import Act
from keyholder.services.authority import names_of
from keyholder.storage import guards

CYCLE = _("A group can't contain itself: {path}.")
TOO_LONG = _("A chain of groups holds at most {most}; this one would hold {length}.")


def refusals(act: Act) -> Iterator[Conflict]:
    """Refuse nesting that closes a cycle, whose path begins with a group that was put into another, or makes a chain too long."""
    written = [c.after for c in act.ledger.written if c.noun == "membership" and c.after]
    nested = {PrincipalId(int(str(row[column]))) for row in written for column in ("group_id", "member_id")}
    if not nested:
        return
    put_in = {int(str(row["member_id"])) for row in written}
    edges = sorted({*guards.above(nested), *guards.below(nested)}, key=lambda edge: (edge[0] not in put_in, edge))
    path = hierarchy.circle(edges)
    if path:
        names = names_of(path)
        yield Conflict("cycle", sentence(CYCLE, path=" > ".join(names[group] for group in path)))
        return
    length = len(hierarchy.longest_chain(edges))
    if length > hierarchy.LONGEST_CHAIN:
        yield Conflict("chain", sentence(TOO_LONG, most=hierarchy.LONGEST_CHAIN, length=length))
