"""Small rich worlds for the laws: a fixed cast and two trees of one platform; who may what is drawn.

The universe is small so that bindings, groups, windows and trash meet each other often; the moments are few so that windows touch.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from hypothesis.vendor.pretty import RepresentationPrinter

from keyholder.domain.blueprint import Blueprint, Catalogue, Mask
from keyholder.domain.identifiers import BindingId, OrganizationId, PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.windows import ALWAYS, Window
from keyholder.engine.facts import Binding, Facts, Membership, OrganizationMember, Principal, Resource, Suspension
from tests.engine import made_up

CATALOGUE = made_up.catalogue()
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TICK = timedelta(seconds=1)
MOMENTS = tuple(NOW + steps * TICK for steps in (-2, -1, 0, 1, 2))
ACME, BOLT = OrganizationId(1), OrganizationId(2)
ALICE, BEN, CLEO, ROBOT = (PrincipalId(number) for number in (1, 2, 3, 4))
PEOPLE = (ALICE, BEN, CLEO)
STAFF, CREW, GUESTS = (PrincipalId(number) for number in (11, 12, 13))
GROUPS = (STAFF, CREW, GUESTS)
STRANGER = PrincipalId(99)
NOWHERE = ResourceId(99)
WINDOWS = (*[ALWAYS] * 15, *(Window(a, b) for a in (None, *MOMENTS) for b in (None, *MOMENTS) if a is None or b is None or a < b))

moments: SearchStrategy[datetime] = st.sampled_from(MOMENTS)
windows: SearchStrategy[Window] = st.sampled_from(WINDOWS)
principals: SearchStrategy[PrincipalId] = st.sampled_from((*PEOPLE, ROBOT, *GROUPS))


@dataclass(frozen=True)
class Drawn:
    """A world, its platform, and a moment to ask at."""

    facts: Facts
    blueprint: Blueprint
    at: datetime
    catalogue: Catalogue = CATALOGUE

    def __repr__(self) -> str:
        """Return the world in a few lines, times in seconds from noon: this is what a failing test shows."""
        f = self.facts
        lines = [f"{self.blueprint.name} at {_seconds(self.at)}"]
        lines += [f"{p.kind} {p.id} of {p.organization}{'' if p.active else ' suspended'}" for p in f.principals.values()]
        flags = ((r, "" if r.open else " closed", " trashed" if r.trashed else "") for r in f.resources.values())
        lines += [f"{r.ref} under {r.parent} of {r.organization}{closed}{trashed}" for r, closed, trashed in flags]
        lines += [f"{b.principal} holds {b.role or self.blueprint.names(b.mask)} at {b.resource} {_span(b.window)}" for b in f.bindings]
        lines += [f"{m.member} in {m.group} {_span(m.window)}" for m in f.memberships]
        lines += [f"{m.user} {m.role} of {m.organization}" for m in f.organization_members]
        lines += [f"{s.user} suspended in {s.organization}" for s in f.suspensions]
        return "\n".join(["", *lines, ""])

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: FBT001 - the signature hypothesis calls
        """Let hypothesis print the same."""
        printer.text(repr(self))

    def pairs(self) -> Iterator[tuple[PrincipalId, ResourceId]]:
        """Go through everybody, also a stranger, at everything, also at what is not there."""
        for principal in (*self.facts.principals, STRANGER):
            for resource in (*self.facts.resources, NOWHERE):
                yield principal, resource


def _seconds(moment: datetime | None) -> str:
    return "-" if moment is None else f"{(moment - NOW).total_seconds():g}"


def _span(window: Window) -> str:
    return f"[{_seconds(window.starts_at)}, {_seconds(window.ends_at)})"


@st.composite
def worlds(draw: DrawFn, *, platform: str = "", shadows: bool = True) -> Drawn:
    """Draw a world of any platform or of this one; without ``shadows`` nobody is suspended, nothing is in the trash, no edge is closed."""
    blueprint = CATALOGUE.blueprints[platform] if platform else draw(st.sampled_from(list(CATALOGUE)))
    resources = draw(_trees(blueprint, shadows=shadows))
    facts = Facts(
        principals=draw(_cast(shadows=shadows)),
        resources={node.id: node for node in resources},
        bindings=draw(bindings(blueprint, resources, most=14)),
        memberships=tuple(draw(st.lists(memberships(), min_size=2, max_size=8))),
        organization_members=tuple(draw(st.lists(appointments(), max_size=3))),
        suspensions=tuple(draw(st.lists(_suspensions(), max_size=2))) if shadows else (),
    )
    return Drawn(facts, blueprint, draw(moments))


def bindings(blueprint: Blueprint, resources: Sequence[Resource], *, most: int, first: int = 1) -> SearchStrategy[tuple[Binding, ...]]:
    """Draw bindings, numbered from ``first``; some hang in the air."""
    rows = st.lists(_bound(blueprint, resources), min_size=min(4, most), max_size=most)
    return rows.map(lambda found: tuple(Binding(BindingId(number), *row) for number, row in enumerate(found, first)))


@st.composite
def memberships(draw: DrawFn) -> Membership:
    """Draw a person or a group in a group, now and then something that can't be: circles, strangers, persons as groups."""
    group = draw(st.sampled_from((*GROUPS * 6, STRANGER, CLEO)))
    member = draw(st.sampled_from((*PEOPLE * 3, *GROUPS * 3, STRANGER)))
    return Membership(group, member, draw(windows))


@st.composite
def appointments(draw: DrawFn) -> OrganizationMember:
    """Draw an admin or a user admin."""
    return OrganizationMember(draw(organizations()), draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(OrganizationRole)))


def organizations() -> SearchStrategy[OrganizationId]:
    """Draw an organization, most often the one that the groups are of."""
    return st.sampled_from((*[ACME] * 4, BOLT))


def _suspensions() -> SearchStrategy[Suspension]:
    return st.builds(Suspension, organizations(), st.sampled_from(PEOPLE))


@st.composite
def _cast(draw: DrawFn, *, shadows: bool) -> dict[PrincipalId, Principal]:
    active = {person: not shadows or draw(st.integers(0, 5)) > 0 for person in PEOPLE}
    people = [Principal(person, PrincipalKind.USER, active[person]) for person in PEOPLE]
    groups = [Principal(group, PrincipalKind.GROUP, organization=draw(organizations())) for group in GROUPS]
    return {p.id: p for p in (*people, Principal(ROBOT, PrincipalKind.SERVICE_ACCOUNT), *groups)}


@st.composite
def _trees(draw: DrawFn, blueprint: Blueprint, *, shadows: bool) -> list[Resource]:
    """Draw two roots; below each node of the first two nodes of each type, below the second one."""
    found: list[Resource] = []

    def grow(type_: str, parent: Resource | None, tree: int) -> None:
        rule = blueprint.types[type_]
        for _twin in range(1 if parent is None else 2 - tree):
            number = len(found) + 1
            organization = draw(st.sampled_from((*[ACME] * 4, BOLT, None))) if rule.account_level else None
            open_ = not (shadows and rule.closable and draw(st.booleans()))
            trashed = shadows and draw(st.integers(0, 11)) == 0
            above = parent.id if parent else None
            node = Resource(ResourceId(number), ResourceRef(type_, str(number)), above, organization, open_, trashed)
            found.append(node)
            for child in blueprint.children_of(type_):
                grow(child.name, node, tree)

    for tree in (0, 1):
        grow(blueprint.root_type.name, None, tree)
    return found


@st.composite
def _bound(draw: DrawFn, blueprint: Blueprint, resources: Sequence[Resource]) -> tuple[PrincipalId, ResourceId, Mask, str, Window]:
    principal = draw(st.sampled_from((*PEOPLE * 3, ROBOT, *GROUPS * 3, STRANGER)))
    type_ = draw(st.sampled_from(sorted(blueprint.types)))
    node = draw(st.sampled_from([node for node in resources if node.ref.type == type_]))
    roles = sorted(blueprint.types[node.ref.type].roles)
    role = draw(st.sampled_from([*roles, *[""] * len(roles)])) if roles else ""
    mask = blueprint.roles[role].mask if role else Mask(draw(st.integers(1, blueprint.everything)))
    resource = node.id if draw(st.integers(0, 19)) else NOWHERE
    return principal, resource, mask, role, draw(windows)
