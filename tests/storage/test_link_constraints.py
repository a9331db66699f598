"""What the table holds of requests for links by itself, whatever a program does (R083)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError

from keyholder.storage.models import LinkRequest
from tests.cast import NOW, Cast
from tests.undone import undone

Row = Callable[[Cast], object]


def asked(cast: Cast, **columns: Any) -> LinkRequest:
    """Write a request of the shop to be taken in by Bolt."""
    return LinkRequest.objects.create(**{"side": "account", "account_id": cast.account, "asked": "bolt", "asked_at": NOW, **columns})


WRONG: dict[str, Row] = {
    "the same asked twice": lambda c: (asked(c), asked(c)),
    "the same asked twice by an organization": lambda c: [
        asked(c, side="organization", account_id=None, organization_id=c.acme, asked="account:7") for _ in range(2)
    ],
    "a side of no kind": lambda c: asked(c, side="both"),
    "no side that asks": lambda c: asked(c, account_id=None),
    "both sides that ask": lambda c: asked(c, organization_id=c.acme),
    "the other side that asks": lambda c: asked(c, side="organization"),
    "a state of no kind": lambda c: asked(c, state="late", decided_at=NOW),
    "an answer without its moment": lambda c: asked(c, state="refused"),
    "a moment without an answer": lambda c: asked(c, decided_at=NOW),
    "somebody who decided what is open": lambda c: asked(c, decided_by=c.alice),
}


@pytest.mark.parametrize("write", WRONG.values(), ids=WRONG.keys())
def test_a_request_that_can_not_be_is_not_written(cast: Cast, write: Row) -> None:
    with undone(), pytest.raises(DatabaseError):
        write(cast)


def test_what_is_settled_can_be_asked_again(cast: Cast) -> None:
    asked(cast, state="refused", decided_at=NOW)
    asked(cast)
    assert LinkRequest.objects.count() == 2
