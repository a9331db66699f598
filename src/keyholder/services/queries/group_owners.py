"""Who may confer what a group gives: its owners, and those of the groups within it (semantics 5)."""

from dataclasses import dataclass

from keyholder.domain.identifiers import PrincipalId
from keyholder.services import naming
from keyholder.services.caller import Caller
from keyholder.services.queries.groups import group_seen
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import PrincipalView
from keyholder.storage import group_lists, locks


@dataclass(frozen=True, slots=True)
class Conferrer:
    """Somebody who can give others what a group has, by putting them into ``group``: this very one or one within it."""

    person: PrincipalView
    group: PrincipalView


def conferrers(*, by: Caller, of: PrincipalId) -> tuple[Conferrer, ...]:
    """Return the owners to whom binding or nesting a group hands conferring what it gives, each named once for each group.

    Admins and user admins of its organization can do the same for every group. Raises NotFound outside the organization.
    """
    authority = authority_of(by)
    with locks.snapshot():
        group_seen(authority, of)
        inside = group_lists.inside(of, by.at)
        pairs = group_lists.owners(inside)
        views = naming.principal_views({principal for pair in pairs for principal in pair})
    ordered = sorted(pairs, key=lambda pair: inside.index(pair[0]))
    return tuple(Conferrer(views[person], views[group]) for group, person in ordered)
