"""Where no manager stands, its organization's admins and the operator can appoint one, and nothing more (semantics 4)."""

import pytest

from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.domain.refusals import Forbidden, NotFound
from keyholder.domain.state import OrganizationState, ResourceState, State
from keyholder.services.commands import bindings, people, state
from keyholder.storage.models import Resource
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person
from tests.services.holding import DAY, since
from tests.services.refusing import refused


@pytest.fixture
def orphan(cast: Cast) -> ResourceId:
    """Return an account that awaits a manager."""
    new = ResourceState(ResourceRef("account", "9"), "Orphan", awaiting_manager=True)
    state.apply(by=OPERATOR, state=State(resources=(new,)))
    return ResourceId(Resource.objects.get(key="9").pk)


def test_an_operator_appoints_and_holds_nothing_by_it(cast: Cast, orphan: ResourceId) -> None:
    people.appoint_operator(by=OPERATOR, user=cast.dan)
    for more in (["manage_users", "edit"], ["edit"], ["read_analyze"]):
        with refused(Forbidden, "lacks_permission"):
            bindings.grant(by=caller(cast.dan), to=[cast.ben], on=orphan, permissions=more)
    with refused(Forbidden, "lacks_permission"):
        bindings.set_permissions(by=caller(cast.dan), of=cast.ben, on=orphan, permissions=["manage_users"])
    bindings.grant(by=caller(cast.dan), to=[cast.ben], on=orphan, permissions=["manage_users"])
    assert (holds(cast.ben, orphan), holds(cast.dan, orphan)) == ({"manage_users"}, set())


def test_only_once(cast: Cast, orphan: ResourceId) -> None:
    """As soon as a manager stands the account is nobody's business but theirs: for an operator it does not exist."""
    people.appoint_operator(by=OPERATOR, user=cast.dan)
    bindings.grant(by=caller(cast.dan), to=[cast.ben], on=orphan, permissions=["manage_users"])
    with refused(NotFound, "not_found"):
        bindings.grant(by=caller(cast.dan), to=[cast.dan], on=orphan, permissions=["manage_users"])


def test_not_where_somebody_began_to_stand_since(cast: Cast, orphan: ResourceId) -> None:
    """Ben was to manage from tomorrow on: from then on nobody else appoints."""
    people.appoint_operator(by=OPERATOR, user=cast.dan)
    bindings.grant(by=OPERATOR, to=[cast.ben], on=orphan, permissions=["manage_users"], window=since(NOW + DAY))
    with refused(Forbidden, "lacks_permission"):
        bindings.grant(by=caller(cast.dan, NOW + DAY), to=[cast.dan], on=orphan, permissions=["manage_users"])


def test_an_admin_of_the_organization_appoints(db: None) -> None:
    """Where the platform gives organization admins nothing (MTS Analytics), this is all they can do there."""
    olga, olaf = person("Olga"), person("Olaf")
    acme = OrganizationState("acme", "Acme", admins=("olga@acme.example",), user_admins=("olaf@acme.example",))
    site = ResourceState(ResourceRef("resource", "m"), "Site", organization="acme", awaiting_manager=True)
    state.apply(by=OPERATOR, state=State(organizations=(acme,), resources=(site,)))
    on = ResourceId(Resource.objects.get(key="m").pk)
    with refused(Forbidden, "lacks_permission"):
        bindings.grant(by=caller(olaf), to=[olga], on=on, role="owner")
    with refused(Forbidden, "lacks_permission"):
        bindings.grant(by=caller(olga), to=[olga], on=on, permissions=["view"])
    bindings.grant(by=caller(olga), to=[olaf], on=on, role="owner")
    assert holds(olaf, on) == {"manage", "view"}
