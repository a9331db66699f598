"""The owners of a resource of MTS Analytics: handing over to who accepts it, stepping down, the last one stays; who grants where (R108)."""

from dataclasses import dataclass, replace

import pytest

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.blueprint_files import builtin
from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.services.commands import accepting, bindings, inviting, ownership
from keyholder.services.commands import invitations as sending
from keyholder.services.commands.inviting import Invited, Wish
from keyholder.services.queries.invitation_page import invitation_page
from keyholder.services.queries.invitations import invitation, invitations
from keyholder.services.queries.ownership import ownership as owners_of
from keyholder.storage import blueprints
from tests.cast import OPERATOR, Cast, caller, resource
from tests.services.happened import actions, last
from tests.services.holding import ticked
from tests.services.inviting_people import accept, link_of, random, seen
from tests.services.refusing import refused
from tests.sound import faults


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


def handed(by: PrincipalId, site: Site, address: str, in_place_of: PrincipalId | None = None) -> Invited:
    """Hand it over."""
    return ownership.hand_over(by=caller(by), at=site.at, address=address, random=random(), in_place_of=in_place_of)


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


@pytest.mark.parametrize("by", ["alice", "operator"])
def test_the_acceptance_ends_her_ownership_where_alice_said_so(cast: Cast, site: Site, by: str) -> None:
    """In one act, which says so beforehand to who takes it, and to who manages there; she or the command line for her."""
    asking = OPERATOR if by == "operator" else caller(cast.alice)
    sent = ownership.hand_over(by=asking, at=site.at, address="dan@acme.example", random=random(), in_place_of=cast.alice)
    assert ticked(cast.alice, site.at) == ["owner"]
    link = link_of(sent)
    (offer,) = invitation_page(by=caller(cast.dan), link=link).offers
    (planned,) = invitation(by=caller(cast.ben), of=sent.invitation).planned
    assert [view.name for view in (offer.in_place_of, planned.in_place_of) if view is not None] == ["Alice", "Alice"]
    before = last()
    accept(link, cast.dan)
    assert (ticked(cast.dan, site.at), ticked(cast.alice, site.at)) == (["owner"], ["administrator"])
    assert actions(before) == ["invitation.accepted", "access.granted", "access.handed_over"]
    assert faults() == []


def test_permissions_that_are_added_to_the_invitation_leave_its_role_as_it_is(cast: Cast, site: Site) -> None:
    """As they leave the role of who holds it: Dan still takes it over, in the place of Alice."""
    sent = handed(cast.alice, site, "dan@acme.example", cast.alice)
    wish = Wish(["view"], message="Look around first")
    inviting.invite(by=caller(cast.alice), at=site.at, addresses=["dan@acme.example"], random=[random()], wish=wish)
    accept(link_of(sent), cast.dan)
    assert (ticked(cast.dan, site.at), ticked(cast.alice, site.at)) == (["owner"], ["administrator"])


def test_what_was_shown_is_given_or_it_is_shown_anew(cast: Cast, site: Site) -> None:
    """Alice changes her mind: the last word counts, and not under the eyes of who read another one."""
    link = link_of(handed(cast.alice, site, "dan@acme.example", cast.alice))
    shown = seen(link, cast.dan)
    handed(cast.alice, site, "dan@acme.example")
    with refused(Conflict, "changed"):
        accepting.accept(by=caller(cast.dan), link=link, seen=shown)
    accept(link, cast.dan)
    assert (ticked(cast.dan, site.at), ticked(cast.alice, site.at)) == (["owner"], ["owner"])


def test_who_is_no_owner_any_more_has_nothing_to_give_up(cast: Cast, site: Site) -> None:
    """Alice stepped down before Dan accepted, for Ben, who stays."""
    link = link_of(handed(cast.alice, site, "dan@acme.example", cast.alice))
    bindings.set_permissions(by=OPERATOR, of=cast.ben, on=site.at, role="owner")
    ownership.step_down(by=caller(cast.alice), at=site.at)
    accept(link, cast.dan)
    assert [ticked(who, site.at) for who in (cast.alice, cast.ben, cast.dan)] == [["administrator"], ["owner"], ["owner"]]


def test_nobody_says_for_another_owner_that_they_step_down(cast: Cast, site: Site) -> None:
    """And nobody takes over from themselves."""
    bindings.set_permissions(by=OPERATOR, of=cast.ben, on=site.at, role="owner")
    for by, leaving in ((caller(cast.ben), cast.alice), (OPERATOR, cast.cleo)):
        with refused(Forbidden, "not_owner", "Owner", "Site"):
            ownership.hand_over(by=by, at=site.at, address="dan@acme.example", random=random(), in_place_of=leaving)
    with refused(Conflict, "oneself", "Alice@acme.example", "Site"):
        handed(cast.alice, site, "Alice@acme.example", cast.alice)


def test_where_a_platform_gives_nothing_but_its_one_role_nothing_is_left(cast: Cast, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform of one's own may be so: who steps down has nothing of their own there any more."""
    shipped = builtin().blueprints
    mts = shipped["mts_analytics"]
    top = replace(mts.types["resource"], roles=frozenset({"owner"}), permissions=frozenset())
    bare = Catalogue({**shipped, "mts_analytics": replace(mts, types={**mts.types, "resource": top})})
    link = link_of(handed(cast.alice, site, "dan@acme.example", cast.alice))
    monkeypatch.setattr(blueprints, "catalogue", lambda: bare)
    accept(link, cast.dan)
    assert (ticked(cast.dan, site.at), ticked(cast.alice, site.at)) == (["owner"], [])


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
