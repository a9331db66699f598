"""The secrets of invitations stand nowhere, and no change of one opens anything (R-INV-1, R-INV-7, R-INV-8)."""

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from keyholder.domain.invitations import Link
from keyholder.interfaces.http.access_log import masked
from keyholder.services import proofs
from keyholder.services.commands import accepting, invitations
from keyholder.services.invitation_links import opened, read
from keyholder.services.proofs import Purpose
from keyholder.storage.models import Event, Membership
from tests.cast import Cast, build, caller
from tests.services.inviting_people import come, invite, link_of, nobody, random, seen, set_mail_up
from tests.tables import contents

known: list[str] = []
"""Secrets that were told in this test's transaction, the copied one before the mailed one."""
CHANGES: tuple[Callable[[str, int, str], str], ...] = (
    lambda secret, at, letter: secret[:at] + letter + secret[at + 1 :],
    lambda secret, at, letter: secret[:at] + letter + secret[at:],
    lambda secret, at, _letter: secret[:at],
    lambda secret, at, _letter: secret[at:],
    lambda secret, _at, letter: secret + letter,
    lambda secret, _at, _letter: secret.swapcase(),
)


def test_r_inv_1_no_secret_stands_in_the_database(cast: Cast) -> None:
    """Copied or mailed, used or not: whoever has a copy of the tables has no link."""
    set_mail_up()
    secrets: list[str] = []
    for number in range(40):
        sent = invite(cast, f"somebody{number}@else.example")
        again = invitations.send_again(by=caller(cast.alice), invitation=sent.invitation, random=random())
        secrets += [sent.secret, again.secret, *(proofs.mailed(Purpose.INVITATION, sent.invitation, one) for one in (1, 2))]
    come(opened(by=nobody(), secret=secrets[1]))
    dump = json.dumps(contents(), default=str)
    assert [secret for secret in secrets if secret in dump or secret[1:] in dump or secret.split("-", 2)[-1] in dump] == []


@given(st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_r_inv_8_a_secret_that_was_changed_opens_nothing(cast: Cast, data: st.DataObject) -> None:
    sent = invite(cast) if not Event.objects.filter(action="invitation.sent").exists() else None
    known.extend([sent.secret, proofs.mailed(Purpose.INVITATION, sent.invitation, 1)] if sent else [])
    secret = data.draw(st.sampled_from(known[-2:]))
    change = data.draw(st.sampled_from(CHANGES))
    changed = change(secret, data.draw(st.integers(0, len(secret))), data.draw(st.characters(codec="utf-8")))
    assume(changed != secret)
    assert read(secret) is not None
    assert read(changed) is None


def test_r_inv_2_racing_answers_give_one_acceptance(race: Callable[..., list[object]]) -> None:
    """Eight at once, on two links of one invitation: one membership, one event, and nobody is told of a failure of their own."""
    cast = build()
    first = invite(cast, "dan@acme.example", on=cast.account)
    links = [link_of(first), link_of(invite(cast, "dan@acme.example", on=cast.account))]
    shown = seen(links[0], cast.dan)
    told = race(*((lambda link=link: acted(cast, link, shown)) for link in links * 4))
    assert [result for result in told if isinstance(result, Exception)] == []
    assert sorted(str(result) for result in told) == ["accepted", *["before"] * 7]
    assert Event.objects.filter(action="invitation.accepted").count() == 1
    assert Event.objects.filter(action="access.granted", subject=cast.dan).count() == 1
    assert not Membership.objects.filter(member=cast.dan).exists()


def acted(cast: Cast, link: Link, shown: str) -> str:
    return accepting.accept(by=caller(cast.dan), link=link, seen=shown).answer.value


def test_r_inv_2_two_newcomers_with_one_link_make_one_person(race: Callable[..., list[object]]) -> None:
    cast = build()
    link = link_of(invite(cast))
    told = race(lambda: come(link, name="Eve"), lambda: come(link, name="Ivo"))
    assert sum(isinstance(result, Exception) for result in told) == 1
    assert Event.objects.filter(action="user.created", details__subject__in=["Eve", "Ivo"]).count() == 1


@pytest.mark.parametrize("secret", [proofs.copied(bytes(range(32))), proofs.mailed(Purpose.INVITATION, 12, 3)])
def test_r_log_2_the_log_of_requests_holds_no_secret(secret: str) -> None:
    """R-INV-15: not even a part of it that could be completed."""
    assert masked(f"/invitation/{secret}/") == "/invitation/(masked)/"
