"""The owners of a resource of MTS Analytics: handing over to who accepts it, stepping down, the last one stays; who grants where (R108)."""

from dataclasses import dataclass

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.services.commands import bindings, inviting, ownership
from keyholder.services.commands import invitations as sending
from keyholder.services.commands.inviting import Invited
from keyholder.services.queries.invitations import invitation, invitations
from keyholder.services.queries.ownership import ownership as owners_of
from tests.cast import OPERATOR, Cast, caller, resource
from tests.services.holding import ticked
from tests.services.inviting_people import accept, link_of, random
from tests.services.refusing import refused


@dataclass(frozen=True)
class Site:
    """Alice owns it, Ben administers it, Cleo manages its stream; Dan has nothing."""

    at: ResourceId
    stream: ResourceId


@pytest.fixture
def site(cast: Cast) -> Site:
    """Make it."""
    at = resource(cast.alice, "resource", "m", "Site")
    stream = resource(cast.alice, "stream", "s", "Stream", at)
    bindings.grant(by=OPERATOR, to=[cast.ben], on=at, role="administrator")
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=stream, permissions=["manage"])
    return Site(at, stream)


def handed(by: PrincipalId, site: Site, address: str) -> Invited:
    """Hand it over."""
    return ownership.hand_over(by=caller(by), at=site.at, address=address, random=random())


@pytest.mark.parametrize("who", ["dan", "ben"])
def test_nothing_is_theirs_until_they_accept_then_alice_steps_down(cast: Cast, site: Site, who: str) -> None:
    """To somebody who has nothing there and to somebody who has a lesser role."""
    taker: PrincipalId = getattr(cast, who)
    before = ticked(taker, site.at)
    sent = handed(cast.alice, site, f"{who}@acme.example")
    assert ticked(taker, site.at) == before
    with refused(Conflict, "last_manager", "Site", "Owner"):
        ownership.step_down(by=caller(cast.alice), at=site.at)
    accept(link_of(sent), taker)
    assert (ticked(taker, site.at), ticked(cast.alice, site.at)) == (["owner"], ["owner"])
    ownership.step_down(by=caller(cast.alice), at=site.at)
    assert ticked(cast.alice, site.at) == ["administrator"]
    found = owners_of(by=caller(cast.alice), ref=ResourceRef("resource", "m"))
    assert found is not None
    assert ([view.id for view in found.owners], found.is_mine) == ([taker], False)


def test_only_an_owner_hands_over_and_steps_down(cast: Cast, site: Site) -> None:
    for act in (lambda: handed(cast.ben, site, "dan@acme.example"), lambda: ownership.step_down(by=caller(cast.ben), at=site.at)):
        with refused(Forbidden, "not_owner", "Owner", "Site"):
            act()
    with refused(NotFound, "not_found"):
        handed(cast.dan, site, "dan@acme.example")
    for at in (cast.account, site.stream):
        with refused(Invalid, "no_owners"):
            ownership.step_down(by=caller(cast.alice), at=at)
    with refused(Forbidden, "not_owner"):
        ownership.step_down(by=OPERATOR, at=site.at)


def test_r108_who_manages_a_stream_gives_there_and_only_there(cast: Cast, site: Site) -> None:
    """Reading 31."""
    other = resource(cast.alice, "stream", "t", "Another", site.at)
    bindings.grant(by=caller(cast.cleo), to=[cast.ben], on=site.stream, permissions=["view"])
    with refused(NotFound, "not_found"):
        bindings.grant(by=caller(cast.cleo), to=[cast.ben], on=other, permissions=["view"])
    with refused(Forbidden, "lacks_permission"):
        bindings.grant(by=caller(cast.cleo), to=[cast.ben], on=site.at, permissions=["view"])


def test_r109_who_manages_a_stream_finds_what_they_sent_without_permissions(cast: Cast, site: Site) -> None:
    """And sends it again, while they manage anything there; Dan, who manages another stream, does not see it."""
    other = resource(cast.alice, "stream", "t", "Another", site.at)
    bindings.grant(by=OPERATOR, to=[cast.dan], on=other, permissions=["manage"])
    (sent,) = inviting.invite(by=caller(cast.cleo), at=site.stream, addresses=["zoe@elsewhere.example"], random=[random()])
    found = invitations(by=caller(cast.cleo), at=site.stream)
    assert [(one.address, one.can_handle) for one in found.rows] == [("zoe@elsewhere.example", True)]
    assert sending.new_link(by=caller(cast.cleo), invitation=sent.invitation, random=random()).address == "zoe@elsewhere.example"
    assert invitations(by=caller(cast.dan), at=other).rows == ()
    with refused(NotFound, "not_found"):
        invitation(by=caller(cast.dan), of=sent.invitation)
    bindings.revoke(by=OPERATOR, of=[cast.cleo], on=site.stream)
    with refused(NotFound, "not_found"):
        invitation(by=caller(cast.cleo), of=sent.invitation)
