"""Access as a table for people and as JSON for programs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from keyholder.domain.identifiers import PrincipalKind
from keyholder.domain.moments import write_moment
from keyholder.interfaces.cli import output
from keyholder.services.read_models import AccessView, PermissionSet, PrincipalView, ResourceView, SourceView


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands in the first columns, and what JSON calls it."""

    columns: tuple[str, str]
    cells: Callable[[AccessView], tuple[str, str]]
    keys: Callable[[AccessView], Mapping[str, str]]


def show(found: Sequence[AccessView], listing: Listing, *, as_json: bool) -> None:
    """Print access."""
    if as_json:
        output.say_json([{**listing.keys(access), **_plain(access)} for access in found])
        return
    rows = [(*listing.cells(a), shown(a.local), shown(a.effective), "; ".join(map(source_words, a.sources))) for a in found]
    if rows:
        output.say_table([*listing.columns, "local", "effective", "sources"], rows)


def address_of(principal: PrincipalView) -> str:
    """Return what a principal is asked about by: a person's address, anybody else's name."""
    return principal.address if principal.kind is PrincipalKind.USER else principal.name


def principal_keys(principal: PrincipalView) -> Mapping[str, str]:
    """Return a principal as JSON names it."""
    own = {principal.kind.value: address_of(principal)}
    return own | {"name": principal.name} if principal.kind is PrincipalKind.USER else own


def resource_keys(resource: ResourceView) -> Mapping[str, str]:
    """Return a resource as JSON names it."""
    return {"resource": str(resource.ref), "name": resource.name}


def shown(permissions: PermissionSet) -> str:
    """Return the fewest names that say a set; a dash for none."""
    return ", ".join(permissions.shown) or "-"


def source_words(source: SourceView) -> str:
    """Say what a source gives, where it comes from and when."""
    given = source.role or shown(source.permissions)
    since = f" from {write_moment(source.since)}" if source.since else ""
    until = f" until {write_moment(source.until)}" if source.until else ""
    return f"{given} {source.label}{since}{until}"


def source_plain(source: SourceView) -> dict[str, object]:
    """Return a source for JSON; what does not apply is left out."""
    fields: dict[str, object] = {
        "kind": source.kind.value,
        "words": str(source.label),
        "resource": str(source.resource.ref),
        "inherited": source.inherited,
        "permissions": list(source.permissions.names),
    }
    others = {
        "role": source.role,
        "groups": [group.name for group in source.groups],
        "organization": source.organization.key if source.organization else "",
        "from": write_moment(source.since) if source.since else "",
        "until": write_moment(source.until) if source.until else "",
    }
    return fields | {name: value for name, value in others.items() if value}


def _plain(access: AccessView) -> dict[str, object]:
    return {
        "local": list(access.local.names),
        "effective": list(access.effective.names),
        "sources": [source_plain(source) for source in access.sources],
    }


HOLDERS = Listing(("who", "name"), lambda a: (address_of(a.principal), a.principal.name), lambda a: principal_keys(a.principal))
REACH = Listing(("resource", "name"), lambda a: (str(a.resource.ref), a.resource.name), lambda a: resource_keys(a.resource))
