"""What the tests of the console share: the cast's world, and browsers in which somebody is signed in."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import translation

from keyholder.domain.identifiers import PrincipalId

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.interfaces.console.ticking import Clock

SignedIn = Callable[[PrincipalId], Client]


@pytest.fixture(autouse=True)
def spoken_english() -> Iterator[None]:
    """Let a page that was asked for in another language change nothing for the next test: a request leaves its language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def cast(db: None) -> "Cast":
    """Return the cast in its world."""
    from tests.cast import build  # the models are there only once the database is chosen
    from tests.remembered import remembered

    return remembered(build)


@pytest.fixture
def signed_in(db: None) -> SignedIn:
    """Return what gives somebody a browser in which they are signed in, and have proven a moment ago who they are."""
    from keyholder.interfaces.console.views.signing_in import BACKEND
    from keyholder.interfaces.http import clock
    from keyholder.interfaces.http.authentication import SignInBackend

    def browser(person: PrincipalId) -> Client:
        client = Client()
        client.force_login(SignInBackend().get_user(person), BACKEND)
        session = client.session
        session["since"] = session["proven_at"] = clock.now().isoformat()
        session.save()
        return client

    return browser


def lately_proven_no_more(client: Client) -> Client:
    """Let it be a while since the person of a browser proved who they are."""
    session = client.session
    del session["proven_at"]
    session.save()
    return client


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    """Put a clock that stands in the place of the machine's."""
    from keyholder.interfaces.http import clock
    from tests.interfaces.console.ticking import Clock

    fake = Clock()
    monkeypatch.setattr(clock, "now", fake.now)
    return fake
