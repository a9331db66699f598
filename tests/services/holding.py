"""What tests about bindings share: windows around the present, what was ticked, every command on bindings."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services.commands import bindings
from keyholder.storage.models import Binding
from tests.cast import NOW, Cast, caller

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
ALL = ("manage_users", "edit", "collaborate", "read_analyze")
NODES = ("account", "property", "view")


def until(moment: datetime) -> Window:
    """Make a window that has begun and ends at this moment."""
    return Window(ends_at=moment)


def since(moment: datetime) -> Window:
    """Make a window that begins at this moment and has no end."""
    return Window(starts_at=moment)


def ticked(principal: PrincipalId, on: ResourceId, window: Window = ALWAYS) -> list[str]:
    """Return what the binding of a principal at a resource in that very window holds, as it was ticked; nothing where there is none."""
    row = Binding.objects.filter(principal=principal, resource=on, starts_at=window.starts_at, ends_at=window.ends_at).first()
    return [] if row is None else row.permissions.split() or [row.role]


def every_command(cast: Cast) -> Iterator[Callable[[PrincipalId, ResourceId], object]]:
    """Go through the commands on bindings, each about Cleo, to be called by somebody at some resource."""
    yield lambda who, on: bindings.grant(by=caller(who), to=[cast.cleo], on=on, permissions=["read_analyze"])
    yield lambda who, on: bindings.set_permissions(by=caller(who), of=cast.cleo, on=on, permissions=["read_analyze"])
    yield lambda who, on: bindings.take(by=caller(who), of=[cast.cleo], on=on, permissions=["read_analyze"])
    yield lambda who, on: bindings.revoke(by=caller(who), of=[cast.cleo], on=on)
    yield lambda who, on: bindings.move_window(by=caller(who), of=[cast.cleo], on=on, to=until(NOW + DAY))
