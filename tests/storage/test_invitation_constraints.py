"""What the tables hold of invitations by themselves, whatever a program does (I-INV-1, I-INV-2, I-INV-6, R-INV-2)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from keyholder.storage.models import Invitation, PlannedBinding, PlannedMembership
from tests.cast import NOW, Cast
from tests.undone import undone

LATER = NOW + timedelta(days=1)
Row = Callable[[Cast], object]


def invited(cast: Cast, **columns: Any) -> Invitation:
    """Write an invitation of Dan's address to the shop."""
    address = {"email": "dan@acme.example", "canonical": "dan@acme.example"}
    return Invitation.objects.create(**{"account_id": cast.account, "made_at": NOW, "sent_at": NOW, **address, **columns})


def planned(cast: Cast, **columns: Any) -> PlannedBinding:
    """Write what it is to give."""
    row = Invitation.objects.first() or invited(cast)
    fields = {"invitation": row, "resource_id": cast.view, "permissions": "edit", "mask": 4, **columns}
    return PlannedBinding.objects.create(**fields)


def joined(cast: Cast, **columns: Any) -> PlannedMembership:
    """Write which group it is to give."""
    return PlannedMembership.objects.create(**{"invitation": invited(cast), "group_id": cast.interns, **columns})


def answered(cast: Cast, **columns: Any) -> int:
    """Write that it was declined, and then something else."""
    row = invited(cast, state="declined", settled_at=NOW)
    return Invitation.objects.filter(pk=row.pk).update(**columns)


WRONG: dict[str, Row] = {
    "two pending ones of one address": lambda c: (invited(c), invited(c)),
    "a state of no kind": lambda c: invited(c, state="expired", settled_at=NOW),
    "an answer without its moment": lambda c: invited(c, state="declined"),
    "a moment without an answer": lambda c: invited(c, settled_at=NOW),
    "an acceptance by nobody": lambda c: invited(c, state="accepted", settled_at=NOW, accepted_way="copied"),
    "an acceptance by no link": lambda c: invited(c, state="accepted", settled_at=NOW, accepted_by_id=c.dan),
    "somebody who accepted what is pending": lambda c: invited(c, accepted_by_id=c.dan),
    "no generation": lambda c: invited(c, generation=0),
    "an answer taken back": lambda c: answered(c, state="pending", settled_at=None),
    "another answer": lambda c: answered(c, state="revoked"),
    "a plan of nothing": lambda c: planned(c, permissions=""),
    "a plan of no bits": lambda c: planned(c, mask=0),
    "a set beside a role": lambda c: planned(c, role="owner"),
    "a plan turned around": lambda c: planned(c, starts_at=LATER, ends_at=NOW),
    "a plan twice by one giver": lambda c: (planned(c, giver_id=c.alice), planned(c, giver_id=c.alice)),
    "a plan twice by the command line": lambda c: (planned(c), planned(c)),
    "a group turned around": lambda c: joined(c, starts_at=LATER, ends_at=NOW),
}
RIGHT: dict[str, Row] = {
    "one after an answer": lambda c: (answered(c, language="lv"), invited(c)),
    "a plan by two givers": lambda c: (planned(c, giver_id=c.alice), planned(c, giver_id=c.ben), planned(c)),
    "a plan for two windows": lambda c: (planned(c), planned(c, ends_at=LATER)),
}


@pytest.mark.parametrize("write", WRONG.values(), ids=WRONG)
def test_what_may_not_be_is_refused(cast: Cast, write: Row) -> None:
    with undone(), pytest.raises(DatabaseError):
        write(cast)


@pytest.mark.parametrize("write", RIGHT.values(), ids=RIGHT)
def test_what_may_be_is_taken(cast: Cast, write: Row) -> None:
    with undone():
        write(cast)
