"""Whatever is done with invitations in whatever order, they are what a naive model says (R-INV-11, I-INV-1, I-INV-2)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from keyholder.domain.invitations import Link, Way
from keyholder.domain.refusals import Conflict
from keyholder.services.commands import accepting, invitations
from keyholder.services.commands.inviting import Invited
from keyholder.services.invitation_links import opened
from keyholder.storage.models import Binding, Invitation
from tests.cast import NOW, Cast, caller
from tests.services.inviting_people import accept, invite, nobody, random
from tests.sound import faults
from tests.undone import undone

WEEK = timedelta(days=7)
STEPS = ("invite", "again", "new_link", "revoke", "decline", "accept", "wait_a_day", "wait_to_the_edge", "an_old_link")
DAN = "dan@acme.example"


@dataclass
class Model:
    """What should be: the number of the newest invitation, its state, when it was sent, which of all links is good."""

    now: datetime = NOW
    invitation: int = 0
    state: str = ""
    sent_at: datetime = NOW
    generation: int = 0
    links: list[tuple[Link, int]] = field(default_factory=list)
    """Each with the generation that it belongs to, of this invitation."""

    @property
    def is_open(self) -> bool:
        return self.state == "pending" and self.now < self.sent_at + WEEK


@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=14))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_r_inv_11_in_whatever_order(cast: Cast, steps: list[str]) -> None:
    """An older link is dead at once, an answer is final, and nothing is given but by an acceptance in time."""
    with undone():
        model, given_once = Model(), 0
        for step in steps:
            given_once += play(cast, model, step)
            assert Invitation.objects.filter(state="pending").count() == (model.state == "pending")
            if model.invitation:
                row = Invitation.objects.get(pk=model.invitation)
                assert (row.state, row.sent_at, row.generation) == (model.state, model.sent_at, model.generation)
        assert Binding.objects.filter(principal=cast.dan).count() == min(given_once, 1)
        assert Invitation.objects.filter(state="accepted").count() == given_once
        assert faults("I-INV-1", "I-INV-2", "I-INV-3", "I-INV-4", "I-INV-5", "I-INV-6", "I-AU-2") == []


def play(cast: Cast, model: Model, step: str) -> int:
    """Do one thing on both sides; return 1 where the model says that somebody has accepted by it."""
    if step == "wait_a_day":
        model.now += timedelta(days=1)
    elif step == "wait_to_the_edge":
        model.now = max(model.now, model.sent_at + WEEK - timedelta(seconds=1))
    elif step == "invite":
        sent(model, invite(cast, DAN, at=model.now))
    elif model.invitation:
        return answer(cast, model, step) if step in {"accept", "decline", "an_old_link"} else handle(cast, model, step)
    return 0


def sent(model: Model, told: Invited) -> None:
    """Note what an invitation should have done: made one, added to one, or begun one anew."""
    if model.state != "pending":
        model.invitation, model.state, model.sent_at, model.generation, model.links = told.invitation, "pending", model.now, 1, []
    elif not model.is_open:
        model.sent_at, model.generation = model.now, model.generation + 1
    assert told.invitation == model.invitation
    note(model, told.secret)


def note(model: Model, secret: str) -> None:
    model.links += [(opened(by=nobody(), secret=secret), model.generation)]
    model.links += [(Link(model.invitation, model.generation, Way.MAILED), model.generation)]


def handle(cast: Cast, model: Model, step: str) -> int:
    """Let Alice handle it: only what is pending can be handled, expired or not."""
    by = caller(cast.alice, model.now)
    if step == "revoke":
        if attempted(lambda: invitations.revoke(by=by, invitation=model.invitation), model.state == "pending"):
            model.state = "revoked"
        return 0
    command = invitations.send_again if step == "again" else invitations.new_link
    made: list[str] = []
    if attempted(lambda: made.append(command(by=by, invitation=model.invitation, random=random()).secret), model.state == "pending"):
        model.sent_at, model.generation = model.now, model.generation + 1
        note(model, made[0])
    return 0


def answer(cast: Cast, model: Model, step: str) -> int:
    """Let Dan answer by the newest copied link, or by the oldest one that he was given."""
    link, generation = model.links[0] if step == "an_old_link" else model.links[-2]
    is_good = model.is_open and generation == model.generation
    if step == "decline":
        if attempted(lambda: accepting.decline(by=caller(cast.dan, model.now), link=link), is_good):
            model.state = "declined"
        return 0
    if model.state == "accepted":
        accept(link, cast.dan, model.now)
        return 0
    if attempted(lambda: accept(link, cast.dan, model.now), is_good):
        model.state = "accepted"
        return 1
    return 0


def attempted(act: Callable[[], object], should: bool) -> bool:  # noqa: FBT001 - what the model says
    """Do something that the model says can or can't be done, and return that."""
    if should:
        act()
    else:
        with pytest.raises(Conflict):
            act()
    return should


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """Hash quickly: how slow a hash is, is decided elsewhere."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
