"""Nobody gives more than they may, whatever is done in whatever order (R-PRV-1, R-PRV-2, R-PRV-3, I-AZ-9)."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from keyholder.services import offers
from keyholder.services.authority import Authority
from keyholder.services.commands import link_requests, organization_links, organization_roles, trashing
from keyholder.services.rules import conferring
from keyholder.services.warrants import Matter
from keyholder.storage.models import Event, Organization
from tests.cast import Cast
from tests.every_command import COMMANDS
from tests.services.escalating import MOVES, EscalatedError, World, opening, play
from tests.services.happened import last
from tests.sound import faults
from tests.undone import undone

FULL = os.environ.get("KEYHOLDER_SOAK") == "full"
EPISODE = 50
"""Steps in one world; then another one begins, for a world in which everything was tried is a poor one."""
NOT_A_MOVE = {
    "accepting.accept_as_proven": "as accepting, by somebody new",
    "accepting.accept_with_password": "the same",
    "founding.found": "plans for an account that it makes itself",
    "invitations.new_link": "plans nothing new",
    "ownership.hand_over": "as inviting",
    "ownership.step_down": "gives up a role for a lesser one",
    "people.activate": "an operator's",
    "people.appoint_operator": "an operator's",
    "people.suspend": "an operator's",
    "people.create_user": "an operator's",
    "people.dismiss_operator": "an operator's",
    "person_deletion.delete": "takes away only",
    "purging.purge": "the instance's own, and takes away only",
    "resources.rename": "changes a name",
    "state.apply": "an operator's",
}


def episodes(cast: Cast, steps: int, seed: int, moves: tuple[str, ...] = tuple(MOVES)) -> int:
    """Play so many steps, again and again from the same beginning; return how many commands were accepted."""
    accepted = 0
    with undone():
        world = opening(cast, seed)
        for number in range(-(-steps // EPISODE)):
            with undone():
                accepted += play(world.anew(seed * 100_000 + number), min(EPISODE, steps), moves)
    return accepted


def test_r_prv_1_a_few_hundred_random_commands_give_nothing_that_was_not_the_actors_to_give(cast: Cast) -> None:
    assert episodes(cast, 300, seed=1) > 60


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 1002 if FULL else 3))
def test_r_prv_1_a_million_of_them(cast: Cast, seed: int) -> None:
    """R-PRV-1: a thousand runs of a thousand steps in the full soak; otherwise one short run."""
    episodes(cast, 1000 if FULL else 50, seed)


def test_r_prv_1_the_world_stays_sound_all_the_while(cast: Cast) -> None:
    with undone():
        play(opening(cast, 7), EPISODE)
        assert faults(sample=5) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_what_can_raise_somebody_is_tried(cast: Cast, command: str) -> None:
    """Whoever adds a command that writes what is judged lets the machine try it, or says why not."""
    act, before = COMMANDS[command](cast), last()
    act()
    judged = {noun for event in Event.objects.filter(pk__gt=before) for noun, *_ in event.changes} & set(conferring.JUDGES)
    assert not judged - {"user"} or command in {*MOVES, *NOT_A_MOVE}


Patch = Callable[[pytest.MonkeyPatch], None]


def confer_freely(patch: pytest.MonkeyPatch) -> None:
    def confer(self: Authority, mask: int, on: Any) -> None:
        self.warrants.give(on.pk, self.catalogue.of(on.type).closure(mask))

    patch.setattr(Authority, "confer", confer)
    patch.setattr(Authority, "require_granting", lambda *_: None)


def fill_any_group(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Authority, "require_owner", lambda self, group: self.warrants.allow(Matter.GROUP, group.pk))


def administer_anything(patch: pytest.MonkeyPatch) -> None:
    def is_admin(self: Authority, organization: int, *_: object) -> bool:
        self.warrants.allow(Matter.ORGANIZATION, organization)
        self.warrants.allow(Matter.PEOPLE, organization)
        return True

    patch.setattr(Authority, "is_admin", is_admin)


def link_anything(patch: pytest.MonkeyPatch) -> None:
    def both_sides(authority: Authority, account: Any, _organization: Any) -> None:
        authority.warrants.allow(Matter.LINK, account.pk)

    patch.setattr(organization_links, "require_both_sides", both_sides)


def activate_anybody(patch: pytest.MonkeyPatch) -> None:
    def row_of(act: Any, organization: int, _user: int) -> Any:
        act.authority.warrants.allow(Matter.PEOPLE, organization)
        return Organization.objects.get(pk=organization)

    patch.setattr(organization_roles, "_managed_above", row_of)


def open_any_edge(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Authority, "require_own_granting", lambda self, on: self.warrants.allow(Matter.EDGE, on.pk))


def agree_for_anybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(link_requests, "speaks_for_asked", lambda *_: True)


def restore_anything(patch: pytest.MonkeyPatch) -> None:
    def restoring(authority: Authority, row: Any) -> None:
        authority.warrants.allow(Matter.TRASH, row.pk)

    patch.setattr(trashing, "require_restoring", restoring)


def offer_whatever_was_planned(patch: pytest.MonkeyPatch) -> None:
    for name in ("_may_confer", "_may_fill"):
        patch.setattr(offers._Judge, name, lambda *_: True)


DOORS: dict[str, tuple[Patch, tuple[str, ...]]] = {
    "confer": (confer_freely, ("bindings.grant", "bindings.set_permissions", "editing.edit", "additions.add", "bindings.move_window")),
    "require_owner": (fill_any_group, ("group_members.add", "nesting.nest", "group_members.move_window", "group_members.remove")),
    "who makes an owner": (fill_any_group, ("groups.add_owner",)),
    "who restores": (restore_anything, ("trashing.trash", "trashing.restore")),
    "who agrees to a link": (agree_for_anybody, ("organizations.create", "link_requests.ask_account", "link_requests.accept")),
    "is_admin": (administer_anything, ("organization_roles.appoint", "organization_roles.dismiss")),
    "both sides of a link": (
        link_anything,
        ("organizations.create", "organization_links.unlink_account", "organization_links.link_account"),
    ),
    "who ends a suspension": (activate_anybody, ("organization_roles.suspend_person", "organization_roles.activate_person")),
    "who opens an edge": (open_any_edge, ("resources.delegate",)),
    "a giver's authority at acceptance": (
        offer_whatever_was_planned,
        ("inviting.invite", "accepting.accept", "bindings.revoke"),
    ),
}
"""Each place where authority is judged, opened, and what is played then."""
SOON = {"a giver's authority at acceptance": 6, "both sides of a link": 5, "require_owner": 9, "who agrees to a link": 4}
"""Seeds by which the machine comes upon a door soon, where another one takes it a thousand steps."""


@pytest.mark.parametrize("door", DOORS)
def test_r_prv_1_a_door_that_skips_the_rule_is_found(cast: Cast, door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine can fail: with any judge asleep somebody soon gains what was nobody's to give."""
    asleep, moves = DOORS[door]
    asleep(monkeypatch)
    with pytest.raises(EscalatedError):
        episodes(cast, 1500, seed=SOON.get(door, 3), moves=moves)


def test_the_machine_plays_in_the_casts_world(cast: Cast) -> None:
    world: World = opening(cast, 1)
    assert world.node("host_account").managed is False
