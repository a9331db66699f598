"""Activity: what an entry says, filters, pages, the address of an entry, and the export."""

from datetime import UTC, datetime, timedelta

import pytest

from keyholder.domain.activity import Filters
from keyholder.domain.events import ACTIONS, Channel
from keyholder.domain.identifiers import ResourceId
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Invalid, NotFound
from keyholder.domain.sentences import Named, sentence
from keyholder.domain.windows import Window
from keyholder.services.caller import Caller
from keyholder.services.commands import (
    bindings,
    group_members,
    organization_roles,
    organizations,
    people,
    removal,
    resources,
)
from keyholder.services.queries.activity import activity, entry, exported
from keyholder.storage.models import Event
from tests.cast import NOW, OPERATOR, Cast, caller, resource
from tests.services.reading_activity import entries, newest, told
from tests.services.refusing import refused
from tests.storage.rows import queries

LATER = NOW + timedelta(hours=1)


class TestWhatAnEntrySays:
    def test_r037_a_self_grant_is_marked(self, cast: Cast) -> None:
        bindings.set_permissions(by=caller(cast.alice), of=cast.alice, on=cast.view, permissions=["manage_users", "edit"])
        bindings.grant(by=caller(cast.alice), to=[cast.ben], on=cast.view, permissions=["edit"])
        given, own = entries(cast.alice)[:2]
        assert (given.is_self_grant, own.is_self_grant) == (False, True)
        removal.give_up(by=caller(cast.ben), on=cast.view)
        assert not entries(cast.ben)[0].is_self_grant

    def test_before_and_after_are_values(self, cast: Cast) -> None:
        ends = NOW + timedelta(days=5)
        bindings.set_permissions(by=caller(cast.alice), of=cast.cleo, on=cast.account, permissions=["edit"])
        bindings.move_window(by=caller(cast.alice), of=[cast.cleo], on=cast.account, to=Window(ends_at=ends))
        moved, changed = entries(cast.alice)[:2]
        assert [(c.noun, c.field, str(c.before), str(c.after)) for c in changed.changes] == [
            ("binding", "permissions", "Read & Analyze", "Edit")
        ]
        assert [(c.field, c.before, c.after) for c in moved.changes] == [("ends_at", None, ends)]
        assert moved.changes[0].place == moved.resource
        assert str(changed.sentence) == "Alice changed what Cleo may do at Shop from Read & Analyze to Edit."

    def test_values_that_are_words_are_words_that_a_door_translates(self, cast: Cast) -> None:
        people.choose_language(by=caller(cast.ben), language="lv")
        people.suspend(by=OPERATOR, user=cast.dan)
        resource(cast.alice, "view", "9", "Kiosk", cast.property)
        newest_of = {entry.action: entry for entry in reversed(entries(None))}
        status = next(c for c in newest_of["user.suspended"].changes if c.field == "status")
        kind = next(c for c in newest_of["resource.created"].changes if c.field == "type")
        assert (status.before, status.after) == (sentence("active"), sentence("suspended"))
        assert isinstance(kind.after, Named)
        assert str(kind.after) == "View"
        assert str(newest_of["user.language_chosen"].sentence) == "Ben chose the language Latviešu."

    def test_permissions_roles_and_modes_go_by_their_names(self, cast: Cast) -> None:
        organization_roles.appoint(by=caller(cast.alice), organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=Policy(PolicyMode.ENFORCED, ("acme.example",)))
        host = resource(None, "host", "h1", "Agency")
        bindings.grant(by=OPERATOR, to=[cast.dan], on=host, role="administrator")
        assert told(None)[:4] == [
            "The operator gave Dan Administrator at Agency.",
            "The operator created Agency.",
            "Alice changed the user policy of Acme to enforced.",
            "Alice made Ben a user admin of Acme.",
        ]
        changes = {c.field: c.after for c in entries(cast.alice)[0].changes}
        assert str(changes["policy_mode"]) == "enforced"
        assert changes["allowed_domains"] == "acme.example"

    def test_every_row_of_a_removal_says_where_it_stood(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["collaborate"])
        removal.remove(by=caller(cast.alice), who=[cast.ben], at=cast.account)
        changes = entries(cast.alice)[0].changes
        assert [(c.place and c.place.name, c.field, str(c.before), c.after) for c in changes] == [
            ("Shop", "permissions", "Edit", None),
            ("All data", "permissions", "Collaborate", None),
        ]
        to_ben = entries(cast.ben)[0]
        assert [(c.place, str(c.before)) for c in to_ben.changes] == [(None, "Edit"), (None, "Collaborate")]
        assert to_ben.resource is None, "he no longer sees what it is called now"

    def test_names_are_those_of_then(self, cast: Cast) -> None:
        resources.rename(by=caller(cast.alice), resource=cast.account, name="Store")
        given = next(row for row in entries(cast.alice) if row.action == "access.granted" and row.subject == cast.ben)
        assert str(given.sentence) == "The operator gave Ben Edit at Shop."
        assert given.resource is not None
        assert given.resource.name == "Store"

    def test_the_client_address_is_for_who_manages_and_for_oneself(self, cast: Cast) -> None:
        by = Caller(cast.alice, NOW, Channel.CONSOLE, request_id="r1", address="192.0.2.7")
        bindings.grant(by=by, to=[cast.ben], on=cast.account, permissions=["collaborate"])
        mine, his = entries(cast.alice)[0], entries(cast.ben)[0]
        assert (mine.address, his.address) == ("192.0.2.7", "")
        assert (mine.request_id, mine.channel, mine.number, mine.revision) == ("r1", Channel.CONSOLE, his.number, his.revision)

    def test_an_event_of_another_version_is_told_as_well(self, cast: Cast) -> None:
        row = Event.objects.get(pk=newest())
        fly: dict[str, object] = {"permissions": ["fly"], "subject": "{actor}"}
        for action, details in (("moon.landed", {}), ("access.granted", fly), ("access.revoked", {"permissions": []})):
            row.pk, row.number, row.action, row.details, row.resource = None, row.number + 1, action, details, None
            row.save(force_insert=True)
        assert told(None)[:3] == [
            "Alice took nothing at  away from .",
            "Alice gave {actor} fly at .",
            "Alice did something that this version does not know: moon.landed.",
        ]

    def test_every_action_has_its_sentence_filled(self, cast: Cast) -> None:
        """Whatever the commands recorded so far, no sentence has a hole."""
        for row in entries(None):
            assert row.action in ACTIONS
            assert "" not in [str(value) for value in row.sentence.fields.values()], row.sentence


class TestFilters:
    def test_each_alone_and_together(self, cast: Cast) -> None:
        later = caller(cast.alice, LATER)
        bindings.grant(by=later, to=[cast.ben], on=cast.view, permissions=["collaborate"])
        bindings.grant(by=later, to=[cast.cleo], on=cast.property, permissions=["edit"])
        given = ["Alice gave Cleo Edit at Web.", "Alice gave Ben Collaborate at All data."]
        assert told(cast.alice, since=LATER) == given
        assert told(cast.alice, until=LATER)[0] == "Alice gave Analysts Collaborate at Web."
        assert told(cast.alice, resource=cast.view, action="access.granted")[0] == given[1]
        assert len(told(cast.alice, resource=cast.property, since=LATER)) == 2
        assert told(cast.alice, subject=cast.cleo, action="access", resource=cast.property) == given[:1]
        assert told(cast.alice, actor=cast.ben) == ["Ben added Cleo to Analysts."]
        assert told(None, channel=Channel.CLI, resource=cast.account)[-1] == "The operator gave Ben Edit at Shop."
        assert told(cast.alice, refused=True) == []

    def test_a_resource_that_is_not_there_for_the_reader(self, cast: Cast) -> None:
        for asked in (cast.account, ResourceId(999)):
            with refused(NotFound, "not_found"):
                told(cast.dan, resource=asked)

    def test_an_action_that_nobody_knows(self) -> None:
        with refused(Invalid, "action", "moon", "access, "):
            Filters(action="moon")


class TestPages:
    def test_r_dos_3_pages_put_together_are_the_list(self, cast: Cast) -> None:
        """R-DOS-3: no page is longer than asked for; what comes in between moves nothing."""
        whole = [row.id for row in activity(by=caller(cast.alice), size=200).entries]
        first = activity(by=caller(cast.alice), size=3)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["edit"])
        second = activity(by=caller(cast.alice), size=3, cursor=first.next)
        assert [row.id for row in (*first.entries, *second.entries)] == whole[:6]

    def test_a_cursor_belongs_to_its_list(self, cast: Cast) -> None:
        cursor = activity(by=caller(cast.alice), size=3).next
        for changed in (cursor + "x", cursor[1:], "x"):
            with refused(Invalid, "cursor"):
                activity(by=caller(cast.alice), cursor=changed)
        with refused(Invalid, "cursor"):
            activity(by=caller(cast.alice), filters=Filters(action="access"), cursor=cursor)

    def test_the_number_of_queries_does_not_grow(self, cast: Cast) -> None:
        before = queries(lambda: activity(by=caller(cast.alice), size=100))
        for number in range(30):
            account = resource(cast.alice, "account", f"a{number}", f"Shop {number}")
            bindings.grant(by=OPERATOR, to=[cast.ben], on=account, permissions=["edit"])
        assert queries(lambda: activity(by=caller(cast.alice), size=100)) == before
        assert before <= 10


class TestAddressOfAnEntry:
    def test_it_shows_what_the_list_shows(self, cast: Cast) -> None:
        for row in entries(cast.alice):
            assert entry(by=caller(cast.alice), number=row.id) == row

    def test_r_ten_1_it_is_not_there_for_others(self, cast: Cast) -> None:
        for number in (entries(cast.alice)[0].id, 999_999):
            with refused(NotFound, "not_found"):
                entry(by=caller(cast.dan), number=number)


class TestExport:
    def test_it_holds_the_rows_of_the_list_flat(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["edit"], reason="=cmd()")
        found = list(exported(by=caller(cast.alice)))
        assert [row["id"] for row in found] == [row.id for row in entries(cast.alice)]
        row = found[0]
        assert (row["sentence"], row["at"], row["reason"]) == (
            "The operator gave Ben Edit at All data.",
            "2026-11-22T12:00:00Z",
            "=cmd()",
        )
        assert row["changes"][0]["after"]["permissions"] == "edit"  # type: ignore[index]  # a list of plain values
        assert len({tuple(row) for row in found}) == 1, "every row has the same columns"

    def test_it_goes_on_batch_by_batch(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = [row["id"] for row in exported(by=OPERATOR)]
        monkeypatch.setattr("keyholder.services.queries.activity.BATCH", 4)
        assert [row["id"] for row in exported(by=OPERATOR)] == whole

    def test_filters_hold_for_it_too(self, cast: Cast) -> None:
        assert {row["action"] for row in exported(by=caller(cast.alice), filters=Filters(action="group"))} == {
            row.action for row in entries(cast.alice, action="group")
        }


def test_a_moment_of_another_zone_is_the_same_moment(cast: Cast) -> None:
    group_members.remove(by=caller(cast.ben, LATER), group=cast.analysts, members=[cast.cleo])
    since_then = datetime.fromisoformat("2026-11-22T14:00:00+01:00")
    assert since_then.astimezone(UTC) == LATER
    assert told(cast.ben, since=since_then) == ["Ben removed Cleo from Analysts."]
