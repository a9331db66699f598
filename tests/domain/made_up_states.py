"""States that hypothesis makes up: small, crowded, with names that trouble writers, and free of what the reader refuses."""

import unicodedata
from datetime import UTC, datetime

from hypothesis import strategies as st

from keyholder.domain.addresses import canon
from keyholder.domain.blueprint_files import builtin
from keyholder.domain.identifiers import PrincipalKind, ResourceRef
from keyholder.domain.names import name_key
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import Status
from keyholder.domain.state import (
    AccessState,
    AssetState,
    GroupState,
    IdentitySource,
    MemberState,
    NestedState,
    OrganizationState,
    PrincipalRef,
    ResourceState,
    ServiceAccountState,
    State,
    UserState,
    group_ref,
    user_ref,
)
from keyholder.domain.windows import ALWAYS, Window

ADDRESSES = (
    "Alice@Acme.example",
    "ben.ott@googlemail.com",
    "cleo+ga@acme.example",
    "dan@b\u00fccher.example",
    "0x1F@acme.example",
    "on@a.b",
)
NAMES = (
    "off",
    "010",
    "~",
    "null",
    "a: b",
    "# no comment",
    "- x",
    "2026-01-01",
    "{x}",
    "'",
    '"',
    "<b>&amp;</b>",
    "\u05d0\u05dc\u05d9\u05e1",
    "=1+1",
    "!x",
    "*",
    "&a",
)
NODES = (
    ("account:1", None),
    ("property:1", "account:1"),
    ("view:a:b", "property:1"),
    ("account:no", None),
    ("host:010", None),
    ("host_account:1", "host:010"),
    ("pixel:~", "host_account:1"),
    ("resource:1", None),
    ("container:*", "resource:1"),
)
GIVEN: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "google_analytics": ((("edit",), ""), (("manage_users", "read_analyze"), ""), (("collaborate",), "")),
    "host": (((), "administrator"), ((), "standard")),
    "host_account": (((), "administrator"), ((), "view_only")),
    "pixel": ((("edit_pixel",), ""),),
    "resource": (((), "owner"), ((), "administrator")),
    "container": ((("view",), ""), (("manage",), "")),
}


def ordered(sides: tuple[datetime | None, datetime | None]) -> Window:
    """Make a window of two moments, in their order; the same moment twice makes a standing one."""
    starts, ends = sides
    if starts and ends:
        return Window(*sorted((starts, ends))) if starts != ends else ALWAYS
    return Window(starts, ends)


letters = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp", "Zs", "Mn", "Lo", "So")) | st.sampled_from(
    "\u05d0\u4e00\u2603"
)
plain = st.text(letters, min_size=1, max_size=12).map(lambda text: unicodedata.normalize("NFC", text))
names = st.sampled_from(NAMES) | plain
descriptions = st.sampled_from(("", "Read\n\teverything: all", "# x")) | plain
keys = st.sampled_from(("a", "1", "no", "a/b", "x:y", "~", "0x1F", "\u00e9", "{}"))
moments = st.none() | st.datetimes(timezones=st.just(UTC))
windows = st.just(ALWAYS) | st.tuples(moments, moments).map(ordered)


def some(items: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Choose some of these, each once."""
    return st.lists(st.sampled_from(items), unique=True, max_size=4).map(tuple) if items else st.just(())


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Make up a policy."""
    return Policy(
        draw(st.sampled_from(PolicyMode)),
        draw(some(("acme.example", "*.acme.example", "b\u00fccher.example"))),
        draw(some(ADDRESSES)),
        draw(some(ADDRESSES)),
        draw(st.booleans()),
    )


@st.composite
def groups_within(draw: st.DrawFn, people: tuple[str, ...]) -> tuple[GroupState, ...]:
    """Make up the groups of one organization."""
    found = draw(st.lists(keys, unique=True, max_size=3))
    titles = draw(st.lists(names, min_size=3, max_size=3, unique_by=name_key))
    return tuple(
        GroupState(
            key,
            title,
            draw(descriptions),
            draw(some(people)),
            tuple(MemberState(user, draw(windows)) for user in draw(some(people))),
            tuple(NestedState(group, draw(windows)) for group in draw(some(tuple(found)))),
        )
        for key, title in zip(found, titles, strict=False)
    )


@st.composite
def organizations_of(draw: st.DrawFn, people: tuple[str, ...]) -> tuple[OrganizationState, ...]:
    """Make up organizations."""
    found = []
    for key in draw(st.lists(st.sampled_from(("acme", "010", "off")), unique=True)):
        admins, user_admins = draw(some(people)), draw(some(people))
        found.append(
            OrganizationState(
                key,
                draw(names),
                admins,
                tuple(user for user in user_admins if user not in admins),
                draw(some(people)),
                draw(st.sampled_from(IdentitySource)),
                draw(policies()),
                draw(groups_within(people)),
            )
        )
    return tuple(found)


@st.composite
def resources_of(draw: st.DrawFn, organizations: tuple[str, ...]) -> tuple[ResourceState, ...]:
    """Make up resources, each below one that is there."""
    found: dict[str, ResourceState] = {}
    for ref, parent in NODES:
        if (parent is None or parent in found) and draw(st.booleans()):
            type_ = builtin().types[ref.partition(":")[0]]
            found[ref] = ResourceState(
                ResourceRef.parse(ref),
                draw(names),
                ResourceRef.parse(parent) if parent else None,
                draw(st.sampled_from(organizations)) if type_.links and organizations and draw(st.booleans()) else None,
                draw(st.booleans()) if type_.closable else True,
                draw(st.booleans()) if type_.guarded else False,
                draw(moments),
            )
    return tuple(found.values())


@st.composite
def access_of(draw: st.DrawFn, principals: tuple[PrincipalRef, ...], refs: tuple[ResourceRef, ...]) -> tuple[AccessState, ...]:
    """Make up bindings, each principal, resource and window once."""
    found = {}
    if principals and refs:
        for _number in range(draw(st.integers(0, 5))):
            ref = draw(st.sampled_from(refs))
            permissions, role = draw(st.sampled_from(GIVEN.get(ref.type, GIVEN["google_analytics"])))
            row = AccessState(draw(st.sampled_from(principals)), ref, permissions, role, draw(windows))
            found[row.principal, row.resource, row.window] = row
    return tuple(found.values())


@st.composite
def assets_of(draw: st.DrawFn, owners: tuple[PrincipalRef, ...], refs: tuple[ResourceRef, ...]) -> tuple[AssetState, ...]:
    """Make up assets of the kinds that there are at these resources, each name once."""
    found = {}
    kinds = [(ref, kind) for ref in refs for kind in builtin().of(ref.type).assets.values() if ref.type in kind.types]
    for _number in range(draw(st.integers(0, 4)) if kinds else 0):
        ref, kind = draw(st.sampled_from(kinds))
        owner = draw(st.sampled_from(owners)) if kind.personal and owners and draw(st.booleans()) else None
        places = tuple(place for place in refs if place.type == kind.applies_to and draw(st.booleans()))
        marked = bool(kind.marked) and draw(st.booleans())
        row = AssetState(ref, kind.name, draw(names), owner, draw(descriptions), draw(descriptions), marked, places)
        found[row.ref] = row
    return tuple(found.values())


@st.composite
def states(draw: st.DrawFn) -> State:
    """Make up a state that a file can hold."""
    typed = draw(some(ADDRESSES))
    people = tuple(map(canon, typed))
    machines = draw(st.lists(st.sampled_from(("Reporter", "off", "010")), unique=True))
    organizations = draw(organizations_of(people))
    resources = draw(resources_of(tuple(o.key for o in organizations)))
    principals = (
        *map(user_ref, people),
        *(PrincipalRef(PrincipalKind.SERVICE_ACCOUNT, ServiceAccountState(name).key) for name in machines),
        *(group_ref(o.key, group.key) for o in organizations for group in o.groups),
    )
    return State(
        organizations,
        tuple(UserState(a, canon(a), draw(names), draw(st.sampled_from(Status)), draw(st.booleans())) for a in typed),
        tuple(map(ServiceAccountState, machines)),
        resources,
        draw(access_of(principals, tuple(row.ref for row in resources))),
        draw(assets_of(principals[: len(people) + len(machines)], tuple(row.ref for row in resources))),
    )
