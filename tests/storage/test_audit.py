"""The log: every command writes to it or does nothing, in one transaction; replaying it gives the present state (R-AUD-1, 3 and 4)."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from keyholder.domain.addresses import Address
from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict, Forbidden, Refusal
from keyholder.services import refused_attempts
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.commands import bindings, invitations, people, removal
from keyholder.services.scopes import of_instance
from keyholder.storage import audit, sql
from keyholder.storage.models import Event, FeedEntry, PlannedBinding, Tenant, User
from keyholder.storage.replay import discrepancies
from tests.cast import NOW, OPERATOR, Cast, caller
from tests.every_command import COMMANDS, OUTSIDE, names
from tests.services.happened import last
from tests.services.holding import SECOND
from tests.services.inviting_people import invite
from tests.services.refusing import refused
from tests.tables import contents

every_command = pytest.mark.parametrize("command", COMMANDS)
MEANWHILE = ("sign_in_attempt",)
"""Written before the command: guesses count whatever comes of them."""


WITHOUT_ROWS = {
    "identities.enter",
    "people.set_password",
    "factors.add_authenticator",
    "factors.confirm_code",
    "factors.enrol",
    "factors.make_recovery_codes",
    "factors.prove_code",
    "factors.remove",
    "factors.rename",
    "sessions.end_of",
    "sessions.end_one",
    "sessions.end_others",
    "address_changes.ask",
    "resets.copy_link",
    "resets.mail_asked",
    "resets.mail_link",
    "resets.use",
    "signing_in.admit",
    "signing_in.change_password",
    "signing_in.sign_in",
    "signing_in.sign_out_everywhere",
}
"""Told, though they change no row that anybody decides by: nothing of them is in the feed."""


BY_WHOM_THEY_PROVED_TO_BE = {
    "address_changes.prove",
    "factors.confirm_code",
    "factors.enrol",
    "identities.enter",
    "resets.use",
    "signing_in.admit",
    "signing_in.sign_in",
}
"""Done by nobody yet: the log knows who it was by what they proved."""


BY_WHO_IS_NEW = {"accepting.accept_as_proven", "accepting.accept_with_password"}
"""Done by Eve, who is made by it."""


class BrokenError(Exception):
    """The disk is full."""


def failing(broken: str, table: str, columns: Sequence[str], lines: Sequence[tuple[Any, ...]]) -> None:
    """Insert lines, but into one table."""
    if table == broken:
        raise BrokenError
    sql.insert(table, columns, lines)


def revisions() -> dict[int, int]:
    """Return the revision of every tenant."""
    return dict(Tenant.objects.values_list("pk", "revision"))


def test_r_aud_3_a_column_that_came_later_is_no_difference(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the log told of rows before there was such a column still makes the rows as they are, where it is empty."""
    before = tuple(name for name in PlannedBinding.recorded if name != "in_place_of_id")
    with monkeypatch.context() as older:
        older.setattr(PlannedBinding, "recorded", before)
        sent = invite(cast)
    assert list(discrepancies()) == []
    invitations.revoke(by=caller(cast.alice), invitation=sent.invitation)
    PlannedBinding.objects.update(in_place_of=cast.alice, role="owner", permissions="")
    assert [found.noun for found in discrepancies()] == ["planned_binding"]


class TestEveryCommand:
    def test_the_table_holds_them_all(self) -> None:
        assert names() == set(COMMANDS) | set(OUTSIDE)

    @every_command
    def test_r_aud_1_it_writes_an_event_with_what_it_changed(self, cast: Cast, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """R-AUD-3, I-AU-1, I-AU-2, I-CO-1: replaying the log gives the tables; each tenant touched goes on by one revision.

        R-AUD-4: the actor and their name, the moment, the channel, the request, the address; under one request in every tenant.
        """
        monkeypatch.setattr("tests.every_command.caller", lambda who: Caller(who, NOW + SECOND, Channel.API, "Alice?", "r-1", "192.0.2.7"))
        monkeypatch.setattr("tests.every_command.OPERATOR", replace(OPERATOR, at=NOW + SECOND, request_id="r-2", address="192.0.2.8"))
        act = COMMANDS[command](cast)
        before, seen = revisions(), last()
        act()
        told = Event.objects.filter(pk__gt=seen).order_by("pk")
        assert told
        touched = {event.tenant_id for event in told}
        assert revisions() == {pk: before.get(pk, 0) + (pk in touched) for pk in revisions()}
        assert {event.revision for event in told} == {revisions()[pk] for pk in touched}
        assert list(discrepancies()) == []
        assert list(audit.verify()) == []
        assert {(row.actor_name, row.channel, row.request_id, row.address, row.at) for row in told} == {signature(cast, command, told)}

    @every_command
    def test_r_aud_1_where_that_fails_nothing_is_kept(self, cast: Cast, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """R-AUD-1: whether the event or its entries in the feed can't be written; no row of any table differs."""
        act = COMMANDS[command](cast)
        before = contents(without=MEANWHILE)
        for table in ["event", *(["feed_entry"] if command not in WITHOUT_ROWS else [])]:
            monkeypatch.setattr(audit, "insert", partial(failing, table))
            with pytest.raises(BrokenError):
                act()
            assert contents(without=MEANWHILE) == before


def signature(cast: Cast, command: str, told: Collection[Event]) -> tuple[str, str, str, str, datetime]:
    """Return who is said to have done it, by which door, in which request, from where and when."""
    if command == "resets.mail_asked":  # anybody can ask: the system mails
        return "operator", "system", "r-1", "192.0.2.7", NOW + SECOND
    if all(event.actor is None for event in told):
        return "operator", "cli", "r-2", "192.0.2.8", NOW + SECOND
    proved = User.objects.get(pk=cast.ben).name if command in BY_WHOM_THEY_PROVED_TO_BE else "Alice?"
    return "Eve" if command in BY_WHO_IS_NEW else proved, "api", "r-1", "192.0.2.7", NOW + SECOND


class TestTransactions:
    def test_what_records_nothing_keeps_nothing(self, db: None) -> None:
        before = contents()
        with acting(OPERATOR, of_instance):
            pass
        assert contents() == before

    def test_rows_without_an_event_are_a_mistake_of_the_house(self, cast: Cast) -> None:
        before = contents()
        with pytest.raises(AssertionError, match="recorded no event"), acting(OPERATOR, of_instance) as act:
            act.ledger.change(User.objects.get(pk=cast.ben), name="Benedict")
        assert contents() == before

    def test_whatever_is_raised_takes_all_of_it_back(self, cast: Cast) -> None:
        before = contents()
        with pytest.raises(BrokenError):
            break_off()
        assert contents() == before

    def test_the_feed_names_every_row_in_order(self, cast: Cast) -> None:
        for event in Event.objects.filter(revision__gt=0):
            ids = [
                change[1]
                for other in Event.objects.filter(tenant=event.tenant_id, revision=event.revision or 0).order_by("number")
                for change in other.changes
            ]
            feed = FeedEntry.objects.filter(tenant=event.tenant_id, revision=event.revision or 0).order_by("sequence")
            assert [entry.row for entry in feed] == ids
            assert [entry.sequence for entry in feed] == list(range(1, len(ids) + 1))

    def test_a_write_in_two_tenants_is_told_in_both(self, cast: Cast) -> None:
        """Under one request id (semantics 9)."""
        people.suspend(by=replace(OPERATOR, request_id="r-9"), user=cast.cleo)
        told = Event.objects.filter(request_id="r-9").values_list("tenant__kind", "action")
        assert Counter(told) == {("instance", "user.suspended"): 1, ("organization", "user.suspended"): 1}


def break_off() -> None:
    """Begin to make a person, and fail."""
    with acting(OPERATOR, of_instance) as act:
        people.add_user(act, Address.of("eve@acme.example"), "Eve")
        raise BrokenError


class TestRefusedAttempts:
    """After the roll-back, in a transaction of its own: a number but no revision, nothing before and after, limited in rate."""

    def test_it_takes_a_number_and_no_revision(self, cast: Cast) -> None:
        before, seen, tables = revisions(), last(), contents(without=("event", "tenant"))
        with refused(Forbidden, "lacks_permission"):
            bindings.grant(
                by=replace(caller(cast.ben), request_id="r-3", address="192.0.2.9"), to=[cast.ben], on=cast.view, permissions=["edit"]
            )
        (event,) = Event.objects.filter(pk__gt=seen)
        assert (event.action, event.refused, event.revision, event.changes, event.actor) == (
            "attempt.refused",
            "lacks_permission",
            None,
            [],
            cast.ben,
        )
        assert (event.request_id, event.address, "Manage Users" in event.details["sentence"]) == ("r-3", "192.0.2.9", True)
        assert (revisions(), contents(without=("event", "tenant"))) == (before, tables)
        assert list(audit.verify()) == []

    def test_the_numbers_go_on_after_it(self, cast: Cast) -> None:
        with refused(Conflict, "last_manager"):
            removal.give_up(by=caller(cast.alice), on=cast.account)
        bindings.grant(by=caller(cast.alice), to=[cast.ben], on=cast.view, permissions=["edit"])
        tenant = Tenant.objects.get(organization=cast.acme)
        rows = Event.objects.filter(tenant=tenant).order_by("number")
        assert [row.number for row in rows] == list(range(1, tenant.number + 1))
        kept = [row.revision for row in rows if row.revision is not None]
        assert sorted(set(kept)) == list(range(1, tenant.revision + 1))

    def test_so_many_in_a_minute_and_no_more(self, cast: Cast) -> None:
        for number in range(refused_attempts.MOST + 5):
            attempt(cast.ben, cast, number)
        attempt(cast.cleo, cast, 0)
        written = Counter(Event.objects.exclude(refused="").values_list("actor", flat=True))
        assert written == {cast.ben: refused_attempts.MOST, cast.cleo: 1}
        attempt(cast.ben, cast, 61)
        assert Event.objects.filter(actor=cast.ben).exclude(refused="").count() == refused_attempts.MOST + 1

    def test_what_does_not_exist_for_somebody_is_not_told(self, cast: Cast) -> None:
        """Dan asks about an account that he does not see: its people do not hear of him."""
        seen = last()
        with pytest.raises(Refusal):
            bindings.grant(by=caller(cast.dan), to=[cast.dan], on=cast.account, permissions=["edit"])
        assert last() == seen

    def test_a_long_sentence_is_cut(self, cast: Cast) -> None:
        for number in range(30):
            people.create_user(by=OPERATOR, email=f"g{number}@acme.example", name=f"Guest {number} " + "x" * 150)
        seen = last()
        strangers = [PrincipalId(pk) for pk in User.objects.filter(name__startswith="Guest").values_list("pk", flat=True)]
        with pytest.raises(Refusal):
            bindings.grant(by=caller(cast.alice), to=strangers, on=cast.view, permissions=["edit"])
        assert len(Event.objects.get(pk__gt=seen).details["sentence"]) <= refused_attempts.LONGEST


def attempt(who: PrincipalId, cast: Cast, seconds: int) -> None:
    """Let somebody try what they may not."""
    with refused(Forbidden, "lacks_permission"):
        bindings.grant(by=caller(who, NOW + seconds * SECOND), to=[who], on=cast.account, permissions=["edit"])
