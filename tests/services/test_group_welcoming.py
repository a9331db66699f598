"""Putting people into a group who are not known yet: by an invitation that gives the group (R071, R101, semantics 4 to 6)."""

import pytest

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.domain.windows import Window
from keyholder.services.commands import accepting, bindings, group_members, group_welcoming, groups, invitations, organization_links
from keyholder.services.invitation_links import opened
from keyholder.services.queries import group_invitations
from keyholder.storage.models import Invitation, Membership, PlannedBinding, PlannedMembership
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person
from tests.every_command import fingerprint
from tests.services.refusing import refused

RANDOM = [bytes([number]) * 32 for number in range(2)]


@pytest.fixture
def owner(cast: Cast) -> PrincipalId:
    """Let Eve own the analysts and read the shop, and manage nothing else."""
    eve = person("Eve")
    bindings.grant(by=OPERATOR, to=[eve], on=cast.account, permissions=["read_analyze"])
    groups.add_owner(by=OPERATOR, group=cast.analysts, user=eve)
    return eve


def test_the_known_are_in_it_at_once_and_strangers_once_they_accept(cast: Cast, owner: PrincipalId) -> None:
    """R071: an owner who manages nothing else confers what the group gives, and no more (I-AZ-9)."""
    done = group_welcoming.welcome(
        by=caller(owner), group=cast.analysts, members=[cast.ben], addresses=["dan@acme.example", "ivo@else.example"], random=RANDOM
    )
    assert [one.address for one in done.invited] == ["dan@acme.example", "ivo@else.example"]
    assert Membership.objects.filter(group=cast.analysts, member=cast.ben).exists()
    assert (PlannedMembership.objects.count(), PlannedBinding.objects.count()) == (2, 0)
    assert holds(cast.dan, cast.view) == set()
    link = opened(by=caller(None), secret=done.invited[0].secret)
    accepting.accept(by=caller(cast.dan), link=link, seen=fingerprint(link, cast.dan))
    assert holds(cast.dan, cast.view) == {"collaborate", "read_analyze"}
    assert holds(cast.dan, cast.account) == set()


def test_what_an_owner_sent_they_handle(cast: Cast, owner: PrincipalId) -> None:
    """R103, R-INV-13: who manages every group that an invitation gives may send it again and revoke it; nobody else of the organization."""
    group_welcoming.welcome(by=caller(owner), group=cast.analysts, members=[], addresses=["dan@acme.example"], random=RANDOM[:1])
    number = Invitation.objects.get().pk
    (shown,) = group_invitations.pending(by=caller(owner), of=cast.analysts)
    assert (shown.address, shown.can_handle, shown.account.name) == ("dan@acme.example", True, "Shop")
    assert invitations.send_again(by=caller(owner), invitation=number, random=RANDOM[1]).secret
    with refused(NotFound, "not_found"):
        invitations.revoke(by=caller(cast.cleo), invitation=number)
    invitations.revoke(by=caller(owner), invitation=number)
    assert group_invitations.pending(by=caller(owner), of=cast.analysts) == ()


def test_an_owner_of_one_of_two_groups_does_not_handle_what_both_give(cast: Cast, owner: PrincipalId) -> None:
    group_welcoming.welcome(by=caller(owner), group=cast.analysts, members=[], addresses=["dan@acme.example"], random=RANDOM[:1])
    group_welcoming.welcome(by=caller(cast.alice), group=cast.interns, members=[], addresses=["dan@acme.example"], random=RANDOM[1:])
    number = Invitation.objects.get().pk
    with refused(Forbidden, "lacks_permission", "Shop"):
        invitations.revoke(by=caller(owner), invitation=number)
    invitations.revoke(by=caller(cast.alice), invitation=number)


def test_an_owner_who_owns_it_no_more_gives_nothing(cast: Cast, owner: PrincipalId) -> None:
    """R-INV-10: judged again at acceptance."""
    done = group_welcoming.welcome(by=caller(owner), group=cast.analysts, members=[], addresses=["dan@acme.example"], random=RANDOM[:1])
    link = opened(by=caller(None), secret=done.invited[0].secret)
    seen = fingerprint(link, cast.dan)
    groups.remove_owner(by=OPERATOR, group=cast.analysts, user=owner)
    with refused(Conflict, "changed"):
        accepting.accept(by=caller(cast.dan), link=link, seen=seen)
    assert holds(cast.dan, cast.view) == set()


def test_who_does_not_manage_the_members_invites_nobody(cast: Cast) -> None:
    for who, kind, code in ((cast.cleo, Forbidden, "not_owner"), (cast.dan, NotFound, "not_found")):
        with refused(kind, code):
            group_welcoming.welcome(by=caller(who), group=cast.analysts, members=[], addresses=["x@else.example"], random=RANDOM)
        with refused(kind, code):
            group_invitations.place(by=caller(who), of=cast.analysts)
        with refused(kind, code):
            group_invitations.pending(by=caller(who), of=cast.analysts)


def test_all_or_none(cast: Cast, owner: PrincipalId) -> None:
    with refused(Invalid, "address"):
        group_welcoming.welcome(by=caller(owner), group=cast.analysts, members=[cast.ben], addresses=["nothing"], random=RANDOM)
    with refused(Conflict, "not_known"):
        group_welcoming.welcome(by=caller(owner), group=cast.analysts, members=[cast.dan], addresses=["x@else.example"], random=RANDOM)
    assert not Membership.objects.filter(group=cast.analysts, member=cast.ben).exists()
    assert not Invitation.objects.exists()


def test_where_no_account_is_there_for_the_owner_nobody_is_invited(cast: Cast) -> None:
    """R-TEN-1: an invitation names its account; an owner who knows of none can't send one."""
    eve = person("Eve")
    groups.add_owner(by=OPERATOR, group=cast.analysts, user=eve)
    assert group_invitations.place(by=caller(eve), of=cast.analysts) is None
    with refused(Conflict, "no_place", "Analysts"):
        group_welcoming.welcome(by=caller(eve), group=cast.analysts, members=[], addresses=["x@else.example"], random=RANDOM)
    group_members.add(by=caller(eve), group=cast.analysts, members=[eve])
    found = group_invitations.place(by=caller(eve), of=cast.analysts)
    assert found is not None
    assert found.name == "Shop"
    organization_links.unlink_account(by=caller(cast.alice), account=cast.account)
    assert group_invitations.place(by=OPERATOR, of=cast.analysts) is None


def test_a_membership_by_invitation_ends_as_it_was_planned(cast: Cast, owner: PrincipalId) -> None:
    ends = NOW.replace(day=28)
    window = Window(ends_at=ends)
    done = group_welcoming.welcome(
        by=caller(owner), group=cast.analysts, members=[], addresses=["dan@acme.example"], random=RANDOM[:1], window=window
    )
    link = opened(by=caller(None), secret=done.invited[0].secret)
    accepting.accept(by=caller(cast.dan), link=link, seen=fingerprint(link, cast.dan))
    assert Membership.objects.get(member=cast.dan).ends_at == ends
