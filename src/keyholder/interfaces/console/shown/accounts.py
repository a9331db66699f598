"""The accounts that delegate to a host, as its own people switch between them (R099)."""

from collections.abc import Sequence

from keyholder.interfaces.console.parts.navigation import Tab
from keyholder.interfaces.console.shown import places
from keyholder.services.caller import Caller
from keyholder.services.queries.delegating import delegating
from keyholder.services.read_models import ResourceView


def accounts(by: Caller, path: Sequence[ResourceView]) -> tuple[Tab, ...]:
    """Return where the users of each account are, the one of this page marked; asked anew for every page."""
    here = {node.id for node in path}
    return tuple(Tab(one.name, places.page_url("users", one), current=one.id in here) for one in delegating(by=by, path=path))
