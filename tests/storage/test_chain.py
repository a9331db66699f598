"""The chain: rows are never changed or deleted, and who goes around the database's refusal is found out (R-AUD-2)."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection

from keyholder.domain.refusals import Invalid
from keyholder.services.commands import bindings
from keyholder.storage import audit
from keyholder.storage.models import Event, Tenant
from tests.cast import NOW, OPERATOR, Cast, build
from tests.databases import CHOICE
from tests.remembered import remembered
from tests.services.refusing import refused
from tests.undone import undone

FULL = os.environ.get("KEYHOLDER_SOAK") == "full"
LENGTH, POSITIONS = (10_000, 100) if FULL else (60, 60)
"""Events in the log, and how many of them are forged in turn."""
EDITS: dict[str, str] = {
    "tenant_id": "1",
    "number": "number + 100000",
    "revision": "COALESCE(revision, 0) + 1",
    "at": "'2020-01-01 00:00:00+00:00'",
    "actor": "COALESCE(actor, 0) + 1",
    "actor_name": "actor_name || 'x'",
    "on_behalf_of": "1",
    "channel": "'system'",
    "action": "'access.forged'",
    "target_kind": "'planet'",
    "target": "COALESCE(target, 0) + 1",
    "resource": "COALESCE(resource, 0) + 1",
    "subject": "COALESCE(subject, 0) + 1",
    "details": """'{"subject": "Eve"}'""",
    "changes": """'[["binding", 1, null, {"forged": true}]]'""",
    "reason": "'because'",
    "refused": "'forged'",
    "request_id": "'forged'",
    "address": "'forged'",
    "previous": "hash",
    "hash": "previous",
}


def run(statement: str, parameters: Sequence[int] = ()) -> None:
    """Send a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@contextmanager
def forgery() -> Iterator[None]:
    """Let events be changed, as somebody with the rights of the owner could; all of it is undone."""
    with undone():
        connection.check_constraints()
        if CHOICE == "postgresql":
            run("ALTER TABLE event DISABLE TRIGGER USER")
        else:
            for trigger in ("update", "delete", "replace"):
                run(f"DROP TRIGGER event_no_{trigger}")
        yield


@pytest.fixture
def log(db: None) -> int:
    """Return the tenant with a long log: Acme's."""
    return remembered(long_log)


def long_log() -> int:
    """Let a lot happen in the cast's world."""
    cast = build()
    tenant = Tenant.objects.get(organization=cast.acme)
    for number in range(LENGTH - tenant.number):
        permissions = ["edit"] if number % 2 else ["read_analyze"]
        bindings.set_permissions(by=OPERATOR, of=cast.ben, on=cast.view, permissions=permissions)
    assert list(audit.verify()) == []
    return tenant.pk


def places() -> Iterator[int]:
    """Go through the positions to forge at: all of a short log, some of a long one, always the first and the last."""
    step = max(1, LENGTH // POSITIONS)
    yield from sorted({1, LENGTH, *range(1, LENGTH + 1, step)})


class TestRefusing:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE event SET reason = 'forged'",
            "UPDATE event SET reason = reason WHERE id = (SELECT MAX(id) FROM event)",
            "DELETE FROM event",
            "DELETE FROM event WHERE id = (SELECT MIN(id) FROM event)",
        ],
    )
    def test_r_aud_2_nothing_changes_or_deletes_an_event(self, cast: Cast, statement: str) -> None:
        with undone(), pytest.raises(DatabaseError, match="never changed or deleted"):
            run(statement)

    def test_r_aud_2_nor_by_the_ways_around(self, cast: Cast) -> None:
        """SQLite can replace a row in inserting one, PostgreSQL can empty a table at once."""
        columns = ", ".join(f'"{field.column}"' for field in Event._meta.local_fields)
        again = f"INTO event ({columns}) SELECT {columns} FROM event LIMIT 1"  # noqa: S608 - columns of our own
        ways = (
            ("TRUNCATE event", "TRUNCATE event CASCADE") if CHOICE == "postgresql" else (f"REPLACE {again}", f"INSERT OR REPLACE {again}")
        )
        connection.check_constraints()
        for statement in ways:
            with undone(), pytest.raises(DatabaseError, match="never changed or deleted"):
                run(statement)

    def test_the_models_can_t_either(self, cast: Cast) -> None:
        event = Event.objects.order_by("pk")[0]
        for change in (event.delete, lambda: Event.objects.update(reason="forged"), event.save):
            with undone(), pytest.raises(DatabaseError):
                change()


@pytest.mark.soak
class TestFinding:
    """Every single-row edit, deletion, insertion and swap, and every truncation, at every place."""

    def test_r_aud_2_an_edit_anywhere(self, log: int) -> None:
        """Each place in turn, in another column each time."""
        for place in places():
            column = list(EDITS)[place % len(EDITS)]
            assert found(lambda p=place, c=column: edit(log, p, c)), (place, column)  # type: ignore[misc]  # bound at once

    @pytest.mark.parametrize("column", EDITS)
    def test_r_aud_2_an_edit_of_anything(self, log: int, column: str) -> None:
        """No column of an event is outside the hash."""
        assert found(lambda: edit(log, LENGTH // 2, column))
        assert set(EDITS) | {"id"} == {field.column for field in Event._meta.local_fields}

    def test_r_aud_2_a_deletion_anywhere(self, log: int) -> None:
        for place in places():
            assert found(lambda p=place: run("DELETE FROM event WHERE tenant_id = %s AND number = %s", [log, p])), place  # type: ignore[misc]  # bound at once

    def test_r_aud_2_a_swap_anywhere(self, log: int) -> None:
        """Of two neighbours, and of two far apart."""
        for place in places():
            for other in {place % LENGTH + 1, LENGTH + 1 - place} - {place}:
                assert found(lambda p=place, o=other: swap(log, p, o)), (place, other)  # type: ignore[misc]  # bound at once

    def test_r_aud_2_an_insertion_anywhere(self, log: int) -> None:
        """With a hash of its own that fits what stands before it, and everything after it moved on."""
        for place in (*places(), LENGTH + 1):
            assert found(lambda p=place: insert(log, p)), place  # type: ignore[misc]  # bound at once

    def test_r_aud_2_a_truncation_anywhere(self, log: int) -> None:
        """Whoever cuts off the end has to change the tenant's head as well: a head that was kept elsewhere shows it."""
        kept = audit.heads()
        for place in places():
            assert found(lambda p=place: run("DELETE FROM event WHERE tenant_id = %s AND number >= %s", [log, p])), place  # type: ignore[misc]  # bound at once
            with forgery():
                run("DELETE FROM event WHERE tenant_id = %s AND number >= %s", [log, place])
                end = Event.objects.filter(tenant=log).order_by("number").last()
                Tenant.objects.filter(pk=log).update(number=place - 1, head=end.hash if end else "")
                assert list(audit.verify()) == []
                assert [flaw.tenant for flaw in audit.verify(known=kept)] == [log]

    def test_r_aud_2_a_log_written_anew(self, log: int) -> None:
        """Every hash computed again after a change: only a head that was kept elsewhere shows it."""
        kept = audit.heads()
        with forgery():
            rewrite(log)
            assert list(audit.verify()) == []
            assert [(flaw.tenant, flaw.number) for flaw in audit.verify(known=kept)] == [(log, LENGTH)]

    def test_a_log_that_is_gone(self, cast: Cast) -> None:
        kept = audit.heads()
        with forgery():
            run("DELETE FROM event WHERE tenant_id = (SELECT MAX(id) FROM tenant)")
            assert list(audit.verify())
            dangling = Tenant.objects.create(kind="root")
            heads = [*kept, audit.Head(dangling.pk, 0, audit.GENESIS), audit.Head(9999, 7, "0")]
            assert (9999, 0) in [(flaw.tenant, flaw.number) for flaw in audit.verify(known=heads)]

    def test_heads_that_were_kept_are_still_there_later(self, cast: Cast) -> None:
        kept = audit.heads()
        bindings.set_permissions(by=OPERATOR, of=cast.ben, on=cast.view, permissions=["edit"])
        assert list(audit.verify(known=kept)) == []


def found(forge: Callable[[], object]) -> bool:
    """Forge something, and say whether verifying finds it."""
    with forgery():
        forge()
        return bool(list(audit.verify()))


def edit(tenant: int, place: int, column: str) -> None:
    run(f'UPDATE event SET "{column}" = {EDITS[column]} WHERE tenant_id = %s AND number = %s', [tenant, place])  # noqa: S608 - our own texts


def swap(tenant: int, place: int, other: int) -> None:
    for old, new in ((place, -1), (other, place), (-1, other)):
        run("UPDATE event SET number = %s WHERE tenant_id = %s AND number = %s", [new, tenant, old])


def insert(tenant: int, place: int) -> None:
    """Write an event between two others, as well as it can be done with the rows after it unchanged but for their numbers."""
    before = Event.objects.filter(tenant=tenant, number=place - 1).first()
    run("UPDATE event SET number = -number - 1 WHERE tenant_id = %s AND number >= %s", [tenant, place])
    run("UPDATE event SET number = -number WHERE tenant_id = %s AND number < 0", [tenant])
    row = Event(tenant_id=tenant, number=place, at=NOW, action="access.granted", previous=before.hash if before else audit.GENESIS)
    row.hash = audit.digest(row)
    row.save(force_insert=True)


def rewrite(tenant: int) -> None:
    """Change the first event and compute every hash anew."""
    head = audit.GENESIS
    for row in Event.objects.filter(tenant=tenant).order_by("number"):
        row.previous, row.reason = head, "forged" if row.number == 1 else row.reason
        row.hash = head = audit.digest(row)
        row.save(update_fields=["previous", "reason", "hash"])
    Tenant.objects.filter(pk=tenant).update(head=head)


def test_the_hash_is_over_lengths_and_canonical_json(cast: Cast) -> None:
    """Written down here a second time, so that who keeps heads elsewhere can check them without this program."""
    row = Event.objects.order_by("pk")[0]
    body = {name: getattr(row, name) for name in audit.HASHED} | {"at": row.at.isoformat(timespec="microseconds")}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    parts = b"".join(len(part).to_bytes(8, "big") + part for part in (row.previous.encode(), text))
    assert row.hash == hashlib.sha256(parts).hexdigest()


def test_reasons_of_any_kind_can_be_told(cast: Cast) -> None:
    """What people write never breaks the chain: quotes, other alphabets, several lines."""
    for reason in ("", "\u043f\u0440\u0438\u0447\u0438\u043d\u0430", '"}],', "two\nlines", "\U0001f5dd", "x" * 2000):
        for permissions in (["edit"], ["read_analyze"]):
            bindings.set_permissions(by=OPERATOR, of=cast.ben, on=cast.view, permissions=permissions, reason=reason)
        assert Event.objects.filter(action="access.changed").order_by("pk").last().reason == reason  # type: ignore[union-attr]  # there is one
    assert list(audit.verify()) == []


@pytest.mark.parametrize("reason", ["\x00", "\ud800", "a\u202eb", "\x1b[31m", "x" * 2001], ids=ascii)
def test_r_log_1_what_no_log_should_hold_is_refused(cast: Cast, reason: str) -> None:
    """R-LOG-1: nothing that turns the text around or commands a terminal."""
    with refused(Invalid, "reason"):
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["edit"], reason=reason)
