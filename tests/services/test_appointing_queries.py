"""What appointing a manager gives, and to whom, before it is done (semantics 4)."""

import pytest

from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.domain.refusals import Forbidden, NotFound
from keyholder.domain.state import OrganizationState, ResourceState, State
from keyholder.services.commands import bindings, people, state
from keyholder.services.queries.acquaintances import Prospect
from keyholder.services.queries.appointing import Appointment, appointment, candidate, is_to_be_appointed
from keyholder.storage.models import Resource
from tests.cast import OPERATOR, Cast, caller, person
from tests.services.refusing import refused


def orphan(kind: str, key: str, *, organization: str = "", parent: ResourceRef | None = None) -> ResourceId:
    """Make an account that awaits a manager."""
    acme = (OrganizationState(organization, organization, admins=("alice@acme.example",)),) if organization else ()
    new = ResourceState(ResourceRef(kind, key), "Orphan", parent=parent, organization=organization or None, awaiting_manager=True)
    state.apply(by=OPERATOR, state=State(organizations=acme, resources=(new,)))
    return ResourceId(Resource.objects.get(type=kind, key=key).pk)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("account", Appointment(("manage_users",))),
        ("host", Appointment(role="administrator")),
        ("resource", Appointment(role="owner")),
    ],
)
def test_an_operator_gives_what_makes_a_manager_of_each_platform(cast: Cast, kind: str, given: Appointment) -> None:
    people.appoint_operator(by=OPERATOR, user=cast.dan)
    on = orphan(kind, "9")
    assert appointment(by=caller(cast.dan), at=on) == given
    who = candidate(by=caller(cast.dan), at=on, typed=" Ben@acme.example ").principal
    assert who is not None
    assert who.name == "Ben"
    bindings.grant(by=caller(cast.dan), to=[who.id], on=on, permissions=given.permissions, role=given.role)
    with refused(NotFound, "not_found"):
        appointment(by=caller(cast.dan), at=on)


def test_an_admin_of_the_organization_knows_its_people_only(db: None) -> None:
    """The answer is the same for who is a stranger and for who does not exist."""
    alice, eve = person("Alice"), person("Eve")
    on = orphan("resource", "m", organization="bolt")
    assert appointment(by=caller(alice), at=on) == Appointment(role="owner")
    found = {name: candidate(by=caller(alice), at=on, typed=f"{name}@acme.example") for name in ("alice", "eve", "nobody")}
    assert [(row.prospect, row.principal and row.principal.id) for row in found.values()] == [
        (Prospect.KNOWN, alice),
        (Prospect.STRANGER, None),
        (Prospect.STRANGER, None),
    ]
    assert candidate(by=caller(alice), at=on, typed="nonsense").prospect is Prospect.WRONG
    assert eve


def test_nobody_else_appoints(cast: Cast) -> None:
    on = orphan("account", "9")
    with refused(NotFound, "not_found"):
        appointment(by=caller(cast.alice), at=on)
    with refused(Forbidden, "lacks_permission"):
        appointment(by=caller(cast.ben), at=cast.account)
    with refused(Forbidden, "lacks_permission"):
        candidate(by=caller(cast.cleo), at=cast.account, typed="ben@acme.example")


def test_it_is_said_where_appointing_is_all_that_one_may_do(cast: Cast) -> None:
    people.appoint_operator(by=OPERATOR, user=cast.dan)
    on = orphan("account", "9")
    assert is_to_be_appointed(by=caller(cast.dan), at=on)
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=on, permissions=["edit"])
    assert not is_to_be_appointed(by=caller(cast.cleo), at=on)
    assert not is_to_be_appointed(by=caller(cast.alice), at=cast.account)
    assert not is_to_be_appointed(by=OPERATOR, at=on)
