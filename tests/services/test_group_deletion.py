"""Deleting a group: who may, who loses what, and that nothing of it stays (R082, R-PRV-6, R-PRV-8)."""

from datetime import timedelta

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict, Forbidden, NotFound
from keyholder.domain.windows import Window
from keyholder.services.commands import bindings, group_deletion, group_members, nesting, people, removal
from keyholder.services.queries import group_deletion as deletion
from keyholder.storage import slices
from keyholder.storage.models import Binding, Group, GroupOwner, Membership, Principal
from tests.cast import NOW, OPERATOR, Cast, caller, group, holds
from tests.services.happened import actions, chains_hold, last
from tests.services.refusing import refused


def test_r082_it_shows_beforehand_who_loses_what(cast: Cast) -> None:
    """Deleting the interns takes from Ben what the analysts give, and leaves him what he has himself."""
    group_members.add(by=caller(cast.alice), group=cast.interns, members=[cast.ben])
    bindings.grant(by=caller(cast.alice), to=[cast.analysts], on=cast.view, permissions=["manage_users"])
    shown = deletion.preview(by=caller(cast.alice), group=cast.interns)
    assert [(loss.name, loss.resource_name, loss.lost, loss.kept) for loss in shown] == [("Ben", "All data", ("manage_users",), ("edit",))]
    group_deletion.delete(by=caller(cast.alice), group=cast.interns, reason="season is over")
    assert (holds(cast.ben, cast.view), "manage_users" in holds(cast.cleo, cast.view)) == (
        {"edit", "collaborate", "read_analyze"},
        True,
    )


def test_r082_it_shows_who_would_have_had_something_later(cast: Cast) -> None:
    """Dan begins tomorrow, by a membership; the group begins the day after to give more than Cleo has."""
    tomorrow, after = (Window(starts_at=NOW + timedelta(days=days)) for days in (1, 2))
    group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.dan], window=tomorrow)
    bindings.grant(by=caller(cast.alice), to=[cast.analysts], on=cast.view, permissions=["manage_users"], window=after)
    shown = deletion.preview(by=caller(cast.alice), group=cast.analysts)
    assert {(loss.name, loss.resource_name, loss.lost, loss.kept) for loss in shown} == {
        ("Cleo", "Web", ("collaborate",), ("read_analyze",)),
        ("Cleo", "All data", ("manage_users", "collaborate"), ("read_analyze",)),
        ("Dan", "Web", ("collaborate", "read_analyze"), ()),
        ("Dan", "All data", ("manage_users", "collaborate", "read_analyze"), ()),
    }


def test_r_prv_6_nothing_of_it_stays(cast: Cast) -> None:
    before = last()
    group_deletion.delete(by=caller(cast.alice), group=cast.analysts)
    assert not Binding.objects.filter(principal=cast.analysts).exists()
    assert not Membership.objects.filter(group=cast.analysts).exists()
    assert not GroupOwner.objects.filter(group=cast.analysts).exists()
    assert Principal.objects.get(pk=cast.analysts).deleted_at == NOW
    assert actions(before) == ["access.revoked", "group.deleted"]
    assert holds(cast.cleo, cast.view) == {"read_analyze"}
    assert chains_hold()


def test_r_prv_8_a_new_group_of_that_name_has_nothing_of_the_old_one(cast: Cast) -> None:
    group_deletion.delete(by=caller(cast.alice), group=cast.analysts)
    again = group(cast.alice, cast.acme, "Analysts")
    group_members.add(by=caller(cast.alice), group=again, members=[cast.ben])
    assert again > cast.analysts
    assert slices.held_by([again]).bindings == ()
    assert holds(cast.ben, cast.property) == {"edit", "collaborate", "read_analyze"}


def test_r082_who_may(cast: Cast) -> None:
    """An organization role, or managing the users of every account where it is bound; neither its owner nor a property's manager."""
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["manage_users"])
    for somebody, kind, code in (
        (cast.ben, Forbidden, "may_not_delete"),
        (cast.cleo, Forbidden, "may_not_delete"),
        (cast.dan, NotFound, "not_found"),
    ):
        with refused(kind, code):
            group_deletion.delete(by=caller(somebody), group=cast.analysts)
        with refused(kind, code):
            deletion.preview(by=caller(somebody), group=cast.analysts)
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.account, permissions=["manage_users"])
    group_deletion.delete(by=caller(cast.cleo), group=cast.analysts)


def test_a_group_bound_nowhere_is_deleted_by_its_owner(cast: Cast) -> None:
    removal.remove(by=caller(cast.alice), who=[cast.analysts], at=cast.account)
    with refused(Forbidden, "may_not_delete"):
        group_deletion.delete(by=caller(cast.cleo), group=cast.analysts)
    group_deletion.delete(by=caller(cast.ben), group=cast.analysts)
    assert not Group.objects.filter(pk=cast.analysts).exists()


def test_r056_the_last_manager_through_it_stays(cast: Cast) -> None:
    group_members.add(by=OPERATOR, group=cast.interns, members=[cast.ben])
    bindings.grant(by=OPERATOR, to=[cast.analysts], on=cast.account, permissions=["manage_users"])
    removal.give_up(by=caller(cast.alice), on=cast.account)
    group_members.remove(by=caller(cast.ben), group=cast.analysts, members=[cast.cleo])
    for doomed in (cast.analysts, cast.interns):
        with refused(Conflict, "last_manager", "Shop"):
            group_deletion.delete(by=caller(cast.alice), group=doomed)
    with refused(Conflict, "last_manager", "Shop"):
        nesting.unnest(by=caller(cast.alice), group=cast.interns, out_of=cast.analysts)
    with refused(Conflict, "last_manager", "Shop"):
        people.suspend(by=OPERATOR, user=cast.ben)


def test_what_is_not_there(cast: Cast) -> None:
    for nothing in (PrincipalId(9999), cast.ben):
        with refused(NotFound, "not_found"):
            group_deletion.delete(by=OPERATOR, group=nothing)
        with refused(NotFound, "not_found"):
            deletion.preview(by=OPERATOR, group=nothing)
