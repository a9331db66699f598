"""What counts once counts once, though it comes twice at the same moment (R-PWD-1, R-RAT-2)."""

from collections.abc import Callable
from typing import Any

import pytest

from keyholder.domain import codes
from keyholder.domain.refusals import Refusal
from keyholder.services import reset_links, seals
from keyholder.services.commands import factors, resets
from keyholder.services.commands.factors import NewAuthenticator
from keyholder.services.commands.signing_in import Admission, How
from keyholder.services.factors import Step
from keyholder.services.seals import Use
from keyholder.storage.models import Authenticator, Event
from tests.cast import NOW, OPERATOR, Cast, build, caller

RANDOM = bytes(range(32))
SECRET = b"12345678901234567890"
Race = Callable[..., list[object]]


@pytest.fixture
def cast(committed_db: None) -> Cast:
    """Return the cast, committed."""
    return build()


def test_r_pwd_1_two_passwords_by_one_link(cast: Cast, race: Race, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    ticket = reset_links.read(resets.copy_link(by=OPERATOR, user=cast.ben, random=RANDOM))
    assert ticket is not None

    def use(number: int) -> Callable[[], object]:
        return lambda: resets.use(by=caller(cast.ben), ticket=ticket, password=f"seven quiet herons {number}")

    came_of = race(use(1), use(2))
    assert sum(isinstance(one, Refusal) for one in came_of) == 1
    assert Event.objects.filter(action="user.password_reset").count() == 1


def test_r_rat_2_two_sign_ins_by_one_code(cast: Cast, race: Race) -> None:
    Authenticator.objects.create(
        user_id=cast.ben, name="Telephone", secret=seals.seal(codes.secret_of(SECRET), Use.AUTHENTICATOR), added_at=NOW
    )
    admission = Admission(cast.ben, How.PASSWORD, Step.SECOND)

    def confirm() -> None:
        factors.confirm_code(by=caller(cast.ben), admission=admission, code=codes.totp(SECRET, codes.step_at(NOW)))

    came_of = race(confirm, confirm)
    assert sum(isinstance(one, Refusal) for one in came_of) == 1
    assert Event.objects.filter(action="sign_in.succeeded").count() == 1


def test_two_first_authenticators_bring_ten_codes(cast: Cast, race: Race) -> None:
    def add(name: str) -> Callable[[], object]:
        new = NewAuthenticator(name, codes.secret_of(SECRET), codes.totp(SECRET, codes.step_at(NOW)), bytes(range(100)))
        return lambda: factors.add_authenticator(by=caller(cast.ben), new=new)

    assert sorted(len(made) for made in race(add("One"), add("Other")) if isinstance(made, tuple)) == [0, 10]
