"""What an invitation is at a moment, and what each link to it says (semantics 6)."""

from datetime import UTC, datetime, timedelta

import pytest

from keyholder.domain.invitations import InvitationState, Link, Says, Standing, Term, Way

SENT = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAYS = 7
SECOND = timedelta(seconds=1)
END = SENT + timedelta(days=DAYS)
PENDING = Term(InvitationState.PENDING, 2, SENT, DAYS)
MAILED, COPIED = Link(1, 2, Way.MAILED), Link(1, 2, Way.COPIED)


@pytest.mark.parametrize(
    ("at", "standing", "says"),
    [
        (SENT, Standing.PENDING, Says.CURRENT),
        (END - SECOND, Standing.PENDING, Says.CURRENT),
        (END, Standing.EXPIRED, Says.EXPIRED),
        (END + SECOND, Standing.EXPIRED, Says.EXPIRED),
    ],
)
def test_r104_the_last_second_counts_and_the_next_does_not(at: datetime, standing: Standing, says: Says) -> None:
    """Accepted at 7 d - 1 s, refused at 7 d (R-INV-3)."""
    assert (PENDING.standing(at), PENDING.says(MAILED, at), PENDING.says(COPIED, at)) == (standing, says, says)


def test_a_platform_gives_its_own_days() -> None:
    term = Term(InvitationState.PENDING, 1, SENT, 3)
    assert term.expires_at == SENT + timedelta(days=3)


@pytest.mark.parametrize(
    ("state", "says"),
    [(InvitationState.ACCEPTED, Says.USED), (InvitationState.DECLINED, Says.DECLINED), (InvitationState.REVOKED, Says.REVOKED)],
)
def test_r106_what_became_of_it_comes_before_what_became_of_the_link(state: InvitationState, says: Says) -> None:
    term = Term(state, 2, SENT, DAYS)
    assert [term.says(link, at) for link in (MAILED, Link(1, 1, Way.COPIED)) for at in (SENT, END)] == [says] * 4
    assert term.standing(END) == Standing(state.value)


def test_r103_an_older_link_is_replaced_before_it_is_expired() -> None:
    assert PENDING.says(Link(1, 1, Way.MAILED), END) is Says.REPLACED


def test_copied_links_can_be_switched_off_and_mailed_ones_go_on() -> None:
    assert PENDING.says(COPIED, SENT, copied_links=False) is Says.OFF
    assert PENDING.says(MAILED, SENT, copied_links=False) is Says.CURRENT
