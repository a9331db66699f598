"""What counts once counts once, though it comes many times at the same moment. More of it, and unguarded: test_races.py."""

import os
from collections.abc import Callable

import pytest

from keyholder.domain import codes
from keyholder.services.commands import accepting, factors
from keyholder.services.commands.accepting import Accepted, Answer
from keyholder.services.commands.factors import NewAuthenticator
from keyholder.storage.models import Binding, Event, Invitation
from tests.cast import NOW, Cast, build, caller, person
from tests.services.happened import chains_hold
from tests.services.inviting_people import invite, link_of, seen

SECRET = b"12345678901234567890"
INVITATIONS = 500 if os.environ.get("KEYHOLDER_SOAK") == "full" else 7
MOST = 8
"""How many accept one invitation at once: two, three, ... eight, and again."""
Race = Callable[..., list[object]]


@pytest.fixture
def cast(committed_db: None) -> Cast:
    """Return the cast, committed."""
    return build()


@pytest.mark.soak
def test_r_inv_2_i_inv_1_many_accepts_of_one_invitation_are_one(cast: Cast, race: Race) -> None:
    """One binding, one acceptance in the log; to the same person, the others say that it was accepted before."""
    for number in range(INVITATIONS):
        address = f"eve{number}@else.example"
        eve = person(f"Eve {number}", address)
        link = link_of(invite(cast, address))
        shown = seen(link, eve)
        racers = 2 + number % (MOST - 1)
        came_of = race(*[lambda eve=eve, link=link, shown=shown: accepting.accept(by=caller(eve), link=link, seen=shown)] * racers)
        answers = sorted(one.answer for one in came_of if isinstance(one, Accepted))
        assert answers == [Answer.ACCEPTED, *[Answer.BEFORE] * (racers - 1)], came_of
        assert Event.objects.filter(action="invitation.accepted", target=link.invitation).count() == 1
        assert Binding.objects.filter(principal=eve).count() == 1
        assert Invitation.objects.get(pk=link.invitation).accepted_by_id == eve
    assert chains_hold()


def test_two_first_authenticators_bring_ten_codes(cast: Cast, race: Race) -> None:
    def add(name: str) -> Callable[[], object]:
        new = NewAuthenticator(name, codes.secret_of(SECRET), codes.totp(SECRET, codes.step_at(NOW)), bytes(range(100)))
        return lambda: factors.add_authenticator(by=caller(cast.ben), new=new)

    assert sorted(len(made) for made in race(add("One"), add("Other")) if isinstance(made, tuple)) == [0, 10]
