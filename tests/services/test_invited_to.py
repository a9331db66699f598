"""Who is invited to a resource sees its name, and nothing more, while the invitation is good (semantics 3, R-INV-5)."""

from collections.abc import Callable

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.domain.refusals import Forbidden, NotFound
from keyholder.services.commands import accepting, bindings, invitations, people
from keyholder.services.commands.inviting import Wish
from keyholder.services.queries import (
    decisions,
    explanations,
    frames,
    group_access,
    group_members,
    groups,
    linking,
    organizations,
    settings,
    tree,
)
from keyholder.services.queries.decisions import Asked
from keyholder.services.queries.home import home
from keyholder.services.queries.rights import Rights
from keyholder.storage.models import Membership, User
from tests.cast import NOW, OPERATOR, Cast, caller, group, resource
from tests.services.holding import SECOND
from tests.services.inviting_people import WEEK, accept, come, invite, link_of, mailed_link_of
from tests.services.refusing import refused

DAN = "dan@acme.example"
SHOP, WEB, ALL_DATA = ResourceRef("account", "100"), ResourceRef("property", "UA-100-1"), ResourceRef("view", "1001")


@pytest.fixture
def dan(cast: Cast) -> PrincipalId:
    """Return Dan, who has proven his address and is outside of all."""
    User.objects.filter(pk=cast.dan).update(email_verified=True)
    return cast.dan


def names(person: PrincipalId, at: object = NOW) -> list[str]:
    """Return what somebody sees of Alice's shop: by its columns, by its addresses and by searching, which must be the same."""
    by = caller(person, at)  # type: ignore[arg-type]  # a moment
    walked = list[str]()
    selected = None
    for ref in (SHOP, WEB, ALL_DATA):
        columns = tree.columns(by=by, platform="google_analytics", selected=selected)
        walked += [node.name for column in columns for node in column.nodes if node.ref == ref]
        if not walked or walked[-1] != _name(ref):
            break
        selected = ref
    opened = [_name(ref) for ref in (SHOP, WEB, ALL_DATA) if _opens(person, ref, at)]
    found = [_name(ref) for ref in (SHOP, WEB, ALL_DATA) if _name(ref) in {r.name for r in tree.search(by=by, text=_name(ref)).resources}]
    assert walked == opened == found
    return walked


def _name(ref: ResourceRef) -> str:
    return {SHOP: "Shop", WEB: "Web", ALL_DATA: "All data"}[ref]


def _opens(person: PrincipalId, ref: ResourceRef, at: object) -> bool:
    try:
        tree.node(by=caller(person, at), ref=ref)  # type: ignore[arg-type]  # a moment
    except NotFound:
        return False
    return True


class TestWhatItNames:
    def test_r_ten_1_nothing_before_its_name_after(self, cast: Cast, dan: PrincipalId) -> None:
        """R-TEN-1: Dan is invited to the view; the account and the property above it are named, what lies beside is not."""
        beside = ResourceRef("property", "UA-100-2")
        resource(cast.alice, "property", "UA-100-2", "Beside", cast.account)
        assert names(dan) == []
        invite(cast, DAN)
        assert names(dan) == ["Shop", "Web", "All data"]
        with refused(NotFound, "not_found"):
            tree.node(by=caller(dan), ref=beside)

    def test_an_invitation_without_permissions_names_the_account(self, cast: Cast, dan: PrincipalId) -> None:
        invite(cast, DAN, wish=Wish())
        assert names(dan) == ["Shop"]

    def test_it_leads_to_the_platform_and_not_to_the_readers_accounts(self, cast: Cast, dan: PrincipalId) -> None:
        """R110: nothing has been given yet, and the pages that say so go on saying it."""
        assert frames.platforms(by=caller(dan), creating=False) == ()
        invite(cast, DAN)
        assert frames.platforms(by=caller(dan), creating=False) == ("google_analytics",)
        assert not frames.holds_anything(by=caller(dan))
        assert home(by=caller(dan)).platforms == ()

    def test_who_holds_something_sees_as_much_as_before(self, cast: Cast) -> None:
        User.objects.filter(pk=cast.cleo).update(email_verified=True)
        invite(cast, "cleo@acme.example")
        assert settings.settings(by=caller(cast.cleo), ref=SHOP).organization is not None
        assert frames.holds_anything(by=caller(cast.cleo))


class TestNothingMore:
    def test_r064_neither_people_nor_groups_nor_the_organization(self, cast: Cast, dan: PrincipalId) -> None:
        """R064, R081: all that Dan is told of the account is what it is called."""
        invite(cast, DAN, on=cast.account)
        by = caller(dan)
        shown = settings.settings(by=by, ref=SHOP)
        assert (shown.resource.name, shown.organization, shown.managed, shown.is_awaiting) == ("Shop", None, None, False)
        assert shown.rights == Rights(manage=False, update=False, create=(), delegate=False)
        assert linking.linking(by=by, at=cast.account).organization is None
        assert organizations.organizations(by=by) == ()
        found = tree.search(by=by, text="a")
        assert ([p.name for p in found.people], found.groups) == (["Dan"], ())

    @pytest.mark.parametrize(
        "ask",
        [
            lambda _cast, by: decisions.who(by=by, resource=SHOP),
            lambda cast, by: bindings.grant(by=by, to=[cast.dan], on=cast.account, permissions=["read_analyze"]),
            lambda _cast, by: decisions.check(by=by, asked=Asked("cleo@acme.example", SHOP, "read_analyze")),
        ],
    )
    def test_404_before_403_after(self, cast: Cast, dan: PrincipalId, ask: Callable[..., object]) -> None:
        with refused(NotFound, "not_found"):
            ask(cast, caller(dan))
        invite(cast, DAN, on=cast.account)
        with refused(Forbidden, "lacks_permission"):
            ask(cast, caller(dan))

    @pytest.mark.parametrize(
        "ask",
        [
            lambda cast, by: organizations.organization(by=by, of=cast.acme),
            lambda cast, by: groups.group(by=by, of=cast.analysts),
            lambda cast, by: group_members.members(by=by, of=cast.analysts),
        ],
    )
    def test_what_belongs_to_the_account_stays_hidden(self, cast: Cast, dan: PrincipalId, ask: Callable[..., object]) -> None:
        invite(cast, DAN, on=cast.account)
        with pytest.raises(NotFound):
            ask(cast, caller(dan))

    def test_r110_why_not_names_nobody(self, cast: Cast, dan: PrincipalId) -> None:
        """R110: Cleo, who holds something there, is told whom to ask; Dan, who is only invited, reads that in his invitation."""
        invite(cast, DAN, on=cast.account)
        asked = Asked(DAN, SHOP, "read_analyze")
        assert explanations.explanation(by=caller(dan), asked=asked).ask == ()
        mine = Asked("cleo@acme.example", SHOP, "edit")
        assert [p.name for p in explanations.explanation(by=caller(cast.cleo), asked=mine).ask] == ["Alice"]

    def test_r081_who_knows_a_group_is_not_told_that_it_is_bound_there(self, cast: Cast, dan: PrincipalId) -> None:
        """R081: Dan is an intern of Acme; that the analysts are bound at a property he learns when he holds something there."""
        Membership.objects.create(group_id=group(cast.alice, cast.acme, "Others"), member_id=dan)
        invite(cast, DAN, on=cast.property)
        bound = {row.group.name: [place.name for place in row.places] for row in groups.groups(by=caller(dan)).rows}
        assert (bound["Analysts"], group_access.access(by=caller(dan), of=cast.analysts).platforms) == ([], ())


class TestWhileItIsGood:
    @pytest.mark.parametrize("proven", [True, False])
    @pytest.mark.parametrize("active", [True, False])
    def test_r_inv_5_only_a_proven_address_of_somebody_active(self, cast: Cast, dan: PrincipalId, proven: bool, active: bool) -> None:  # noqa: FBT001 - a truth table
        """R-INV-5: an address that nobody has proven matches no invitation."""
        invite(cast, DAN)
        User.objects.filter(pk=dan).update(email_verified=proven)
        if not active:
            people.suspend(by=OPERATOR, user=dan)
        assert bool(names(dan)) is (proven and active)

    def test_who_came_by_a_copied_link_sees_no_other_invitation(self, cast: Cast) -> None:
        """Eve took a link that Alice handed over; by her address alone she is shown nothing else, until a letter has proven it."""
        eve = come(link_of(invite(cast, wish=Wish())))
        assert eve.person is not None
        second = invite(cast, on=cast.property)
        assert names(eve.person) == []
        come(mailed_link_of(second))
        assert names(eve.person) == ["Shop", "Web", "All data"]

    def test_r_inv_3_to_the_second(self, cast: Cast, dan: PrincipalId) -> None:
        """R-INV-3: named at 7 d - 1 s, hidden at 7 d, named again when it is renewed."""
        sent = invite(cast, DAN)
        assert names(dan, NOW + WEEK - SECOND) == ["Shop", "Web", "All data"]
        assert names(dan, NOW + WEEK) == []
        invitations.send_again(by=caller(cast.alice, NOW + WEEK), invitation=sent.invitation, random=bytes(32))
        assert names(dan, NOW + WEEK) == ["Shop", "Web", "All data"]

    def test_revoked_it_hides(self, cast: Cast, dan: PrincipalId) -> None:
        sent = invite(cast, DAN)
        invitations.revoke(by=caller(cast.alice), invitation=sent.invitation)
        assert names(dan) == []

    def test_declined_it_hides(self, cast: Cast, dan: PrincipalId) -> None:
        accepting.decline(by=caller(dan), link=link_of(invite(cast, DAN)))
        assert names(dan) == []

    def test_accepted_it_is_what_was_given_that_counts(self, cast: Cast, dan: PrincipalId) -> None:
        accept(link_of(invite(cast, DAN)), dan)
        assert names(dan) == ["Shop", "Web", "All data"]
        bindings.revoke(by=caller(cast.alice), of=[dan], on=cast.view)
        assert names(dan) == []

    def test_another_address_sees_nothing(self, cast: Cast) -> None:
        User.objects.update(email_verified=True)
        invite(cast, "somebody@else.example")
        assert names(cast.dan) == []
