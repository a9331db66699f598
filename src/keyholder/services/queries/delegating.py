"""The accounts that have delegated their user management to a host, as its own people may know them (R098, R099, S001-20, S001-21)."""

from collections.abc import Sequence

from keyholder.domain.identifiers import ResourceId
from keyholder.engine.moment import Moment
from keyholder.services import naming
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import ResourceView
from keyholder.storage import locks, slices
from keyholder.storage.models import Resource

MOST = 200
"""Accounts in the list; who looks for another one finds it in the columns."""


def delegating(*, by: Caller, path: Sequence[ResourceView]) -> tuple[ResourceView, ...]:
    """Return the accounts that delegate to the host on a path, by name, fresh at every call; for who holds something at that host alone.

    Nobody else learns of any: neither another client of the host nor who reaches a single account.
    """
    authority = authority_of(by)
    with locks.snapshot():
        host = _host(authority, path)
        if host is None:
            return ()
        kinds = [kind.name for kind in authority.catalogue.of(host.type).children_of(host.type) if kind.closable]
        rows = Resource.objects.filter(parent=host.id, type__in=kinds, managed=True, trashed_at__isnull=True)
        return tuple(map(naming.resource_view, rows.order_by("name_key", "pk")[:MOST]))


def _host(authority: Authority, path: Sequence[ResourceView]) -> ResourceView | None:
    """Return the node on the path that accounts delegate to, if it is one of whose people the caller is."""
    closable = {kind.parent for kind in authority.catalogue.types.values() if kind.closable}
    host = next((node for node in path if node.type in closable), None)
    if host is None:
        return None
    me, number = authority.by.principal, ResourceId(host.id)
    if me is not None and not Moment(slices.of([me], [number]), authority.catalogue, authority.by.at).effective(me, number):
        return None
    return host
