"""The cast and its world, made through the commands that everybody uses.

Alice administers: she created the account *Shop* with its property *Web* and its view *All data*, is admin of the organization *Acme* and
has linked the account to it. Ben edits the account and owns the group *Analysts*, which collaborates at the property. Cleo reads the
account and is an analyst. The group *Interns* is empty and stands in the group of analysts. Dan has a person here and is outside of all.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from keyholder.domain.blueprint import Mask
from keyholder.domain.events import Channel
from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId, ResourceRef
from keyholder.engine.decision import effective
from keyholder.services.caller import Caller
from keyholder.services.commands import bindings, group_members, groups, nesting, organization_links, organizations, people, resources
from keyholder.services.commands.resources import NewResource
from keyholder.storage import blueprints, slices
from keyholder.storage.models import Resource

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""The moment at which the cast lives."""
OPERATOR = Caller(None, NOW, Channel.CLI)
"""The command line: authority is not asked, rules are."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what there is."""

    alice: PrincipalId
    ben: PrincipalId
    cleo: PrincipalId
    dan: PrincipalId
    account: ResourceId
    property: ResourceId
    view: ResourceId
    acme: OrganizationId
    analysts: PrincipalId
    interns: PrincipalId


def build() -> Cast:
    """Make the cast's world; needs an empty database."""
    alice, ben, cleo, dan = (person(name) for name in ("Alice", "Ben", "Cleo", "Dan"))
    account = resource(alice, "account", "100", "Shop")
    web = resource(alice, "property", "UA-100-1", "Web", account)
    view = resource(alice, "view", "1001", "All data", web)
    bindings.grant(by=OPERATOR, to=[ben], on=account, permissions=["edit"])
    bindings.grant(by=OPERATOR, to=[cleo], on=account, permissions=["read_analyze"])
    acme = organizations.create(by=caller(alice), name="Acme")
    organization_links.link_account(by=caller(alice), organization=acme, account=account)
    analysts, interns = (group(alice, acme, name) for name in ("Analysts", "Interns"))
    groups.add_owner(by=caller(alice), group=analysts, user=ben)
    groups.remove_owner(by=caller(alice), group=analysts, user=alice)
    group_members.add(by=caller(ben), group=analysts, members=[cleo])
    nesting.nest(by=caller(alice), group=interns, into=analysts)
    bindings.grant(by=caller(alice), to=[analysts], on=web, permissions=["collaborate"])
    return Cast(alice, ben, cleo, dan, account, web, view, acme, analysts, interns)


def caller(principal: PrincipalId | None, at: datetime = NOW) -> Caller:
    """Let somebody act through the console; nobody is the command line."""
    return replace(OPERATOR, at=at) if principal is None else Caller(principal, at, Channel.CONSOLE)


def person(name: str, address: str = "") -> PrincipalId:
    """Make a person, by default at Acme's address."""
    return people.create_user(by=OPERATOR, email=address or f"{name.lower()}@acme.example", name=name)


def group(by: PrincipalId, organization: OrganizationId, name: str) -> PrincipalId:
    """Make a group of an organization."""
    return groups.create(by=caller(by), organization=organization, name=name)


def resource(by: PrincipalId | None, kind: str, key: str, name: str, parent: ResourceId | None = None) -> ResourceId:
    """Make a node of the tree."""
    return resources.create(by=caller(by), new=NewResource(ResourceRef(kind, key), name, parent))


def holds(principal: PrincipalId, on: ResourceId, at: datetime = NOW) -> set[str]:
    """Return what a principal effectively holds at a resource."""
    facts, catalogue = slices.of([principal], [on]), blueprints.catalogue()
    held: Mask = effective(facts, catalogue, principal, on, at)
    return set(catalogue.of(Resource.objects.get(pk=on).type).names(held))
