"""Groups and trees: I-GR-1 to I-GR-5."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.sentences import gettext_noop as _
from keyholder.engine.hierarchy import LONGEST_CHAIN, circle, longest_chain
from keyholder.services.authority import names_of
from keyholder.services.verifying.findings import Finding, Instance, finding
from keyholder.storage import verification
from keyholder.storage.verification import Flawed

CIRCLE = _("Groups contain each other: {path}.")
TOO_LONG = _("A chain of {length} groups: {path}; it may hold {most}.")
MISPLACED = _("The {column} of {noun} {row} is not what its place in the tree says.")
CROSSING = _("{noun} {row} belongs to one tenant and its {column} to another.")
DANGLING = _("The {column} of {noun} {row} leads to something that is not there.")
RISEN = _("The number {row} of a {noun} belongs to something that was deleted, or to something else.")
ONWARD = " > "


def groups(_instance: Instance) -> Iterator[Finding]:
    """I-GR-1: no group contains itself, and no chain is too long."""
    edges = verification.nestings()
    found = circle(edges)
    if found:
        yield finding("I-GR-1", CIRCLE, "group", found[0], path=_path(found))
        return
    longest = longest_chain(edges)
    if len(longest) > LONGEST_CHAIN:
        yield finding("I-GR-1", TOO_LONG, "group", longest[0], path=_path(longest), length=len(longest), most=LONGEST_CHAIN)


def trees(instance: Instance) -> Iterable[Finding]:
    """I-GR-2: every resource hangs where its blueprint puts it."""
    return _each("I-GR-2", MISPLACED, lambda: verification.misplaced(instance.catalogue))


def tenants(instance: Instance) -> Iterable[Finding]:
    """I-GR-3: the two ends of every edge belong to one tenant."""
    return _each("I-GR-3", CROSSING, lambda: verification.crossing(instance.catalogue))


def references(_instance: Instance) -> Iterable[Finding]:
    """I-GR-4 and I-GR-5: nothing refers to what is not there, and what was deleted stays so."""
    return chain(_each("I-GR-4", DANGLING, verification.dangling), _each("I-GR-5", RISEN, verification.risen))


def _each(invariant: str, template: str, look: Callable[[], Iterable[Flawed]]) -> Iterator[Finding]:
    return (finding(invariant, template, flawed.table, flawed.row, column=flawed.column) for flawed in look())


def _path(groups: Sequence[PrincipalId]) -> str:
    names = names_of(groups)
    return ONWARD.join(names.get(group, str(group)) for group in groups)
