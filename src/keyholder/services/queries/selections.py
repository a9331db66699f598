"""Selections: the rows of a roster that a bulk command is about, ticked one by one or everybody who matches a filter (R053)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.names import name_key
from keyholder.domain.roster import Filters, Origin, Tab
from keyholder.services.caller import Caller
from keyholder.services.naming import principal_views
from keyholder.services.queries.roster import everybody
from keyholder.services.read_models import PrincipalView


@dataclass(frozen=True, slots=True)
class Selection:
    """Who is meant, by name; nobody who is not on the roster is in it."""

    rows: tuple[PrincipalView, ...] = ()

    @property
    def principals(self) -> tuple[PrincipalId, ...]:
        """Return their numbers."""
        return tuple(row.id for row in self.rows)

    @property
    def names(self) -> Mapping[PrincipalId, PrincipalView]:
        """Return them by number."""
        return {row.id: row for row in self.rows}


def selection(
    *,
    by: Caller,
    at: ResourceId,
    tab: Tab = Tab.PEOPLE,
    filters: Filters | None = None,
    only: Collection[PrincipalId] | None = None,
    without: Collection[PrincipalId] = (),
) -> Selection:
    """Return everybody who matches in a tab of a resource's roster, on whatever page; with ``only``, those of them who were ticked.

    As many queries for one as for ten thousand. Raises as :func:`keyholder.services.queries.roster.roster` does.
    """
    whole = Filters(origin=Origin.BELOW) if filters is not None and filters.origin is Origin.BELOW else None
    found = set(everybody(by=by, at=at, tab=tab, filters=filters if only is None else whole)) - set(without)
    views = principal_views(found if only is None else found & set(only))
    return Selection(tuple(sorted(views.values(), key=lambda view: (name_key(view.shown), view.id))))
