"""What the tests of the mail share: the cast's world, a mail server that takes everything, and a clock that stands still."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from keyholder.interfaces.http import clock
from tests.interfaces.jobs.sink import Sink, sinking

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def cast(db: None) -> "Cast":
    """Return the cast in its world."""
    from tests.cast import build  # the models are there only once the database is chosen
    from tests.remembered import remembered

    return remembered(build)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """Let the door's clock stand at the moment at which the cast lives."""
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


@pytest.fixture
def sink(db: None) -> Iterator[Sink]:
    """Run a mail server that takes everything, and have it set up."""
    from tests.interfaces.jobs.posting import use

    with sinking() as sink:
        use(sink)
        yield sink
