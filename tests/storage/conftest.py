"""What the tests of this room share: the cast's world in a transaction that is rolled back."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def cast(db: None) -> "Cast":
    """Return the cast in its world."""
    from tests.cast import build  # the models are there only once the database is chosen
    from tests.remembered import remembered

    return remembered(build)
