"""Verification: what must hold in every state is looked at, and whatever breaks it is found by its id."""

from collections.abc import Callable

import pytest

from keyholder.domain.refusals import Forbidden, Invalid
from keyholder.domain.windows import Window
from keyholder.engine.moment import Moment
from keyholder.services.commands import bindings, group_deletion, organization_links, organization_roles, people
from keyholder.services.queries.verification import INVARIANTS, verify
from keyholder.services.verifying import recomputation
from keyholder.storage import blueprints, durability, slices
from keyholder.storage.models import Resource
from tests.cast import NOW, OPERATOR, Cast, caller, person, resource
from tests.databases import CHOICE
from tests.services import breaking
from tests.services.breaking import broken
from tests.services.refusing import refused
from tests.sound import faults
from tests.tables import contents

UNTOLD = {"I-AU-2"}
"""Found as well, because no event tells of it."""
BREAKS: dict[str, tuple[tuple[Callable[[Cast], None], set[str]], ...]] = {
    "I-GR-1": ((breaking.in_a_circle, UNTOLD), (breaking.in_a_long_chain, UNTOLD)),
    "I-GR-2": (
        (breaking.of_another_type, UNTOLD | {"I-AZ-2"}),
        (breaking.on_another_path, UNTOLD),
        (breaking.closed_where_nothing_closes, UNTOLD),
    ),
    "I-GR-3": (
        (breaking.in_the_instances_tenant, UNTOLD),
        (breaking.two_trees_in_one_tenant, UNTOLD),
        (breaking.linked_at_a_property, UNTOLD),
        (breaking.bound_by_a_foreign_group, UNTOLD),
        (breaking.member_of_a_foreign_group, UNTOLD),
    ),
    "I-GR-4": (
        (breaking.bound_at_nothing, UNTOLD),
        (breaking.nobody, UNTOLD),
        (breaking.bound_though_deleted, UNTOLD),
        (breaking.kept_though_deleted, UNTOLD),
    ),
    "I-GR-5": ((breaking.risen, UNTOLD), (breaking.numbered_twice, set())),
    "I-AZ-1": ((breaking.given_more_than_it_says, {"I-AZ-7"}),),
    "I-AZ-2": ((breaking.of_another_type, UNTOLD | {"I-GR-2"}),),
    "I-AZ-4": ((breaking.suspended_and_signed_in, set()),),
    "I-AZ-7": ((breaking.given_what_is_included, set()), (breaking.given_what_nobody_knows, UNTOLD)),
    "I-MG-1": (
        (breaking.without_a_manager, UNTOLD),
        (breaking.without_an_admin, UNTOLD),
        (breaking.without_an_admin_left, UNTOLD),
    ),
    "I-MG-2": ((breaking.without_an_operator, UNTOLD),),
    "I-MG-3": ((breaking.awaiting_a_manager, UNTOLD),),
    "I-OB-1": ((breaking.told_twice, set()), (breaking.sent_at_no_time, set()), (breaking.given_up_for_nothing, set())),
    "I-CO-1": ((breaking.one_revision_more, set()),),
    "I-AU-1": (
        (breaking.another_word, set()),
        (breaking.not_in_the_feed, set()),
        (breaking.the_last_word_gone, UNTOLD | {"I-CO-1"}),
    ),
    "I-AU-2": (
        (breaking.by_another_name, set()),
        (breaking.taken_silently, set()),
        (breaking.given_silently, set()),
        (breaking.told_from_another_state, set()),
    ),
    "I-AU-3": ((breaking.a_password_told, set()), (breaking.a_session_told, set())),
    "I-INV-1": ((breaking.accepted_twice, set()), (breaking.accepted_silently, UNTOLD)),
    "I-INV-2": ((breaking.accepted_late, UNTOLD),),
    "I-INV-3": (
        (breaking.accepted_by_somebody_else, UNTOLD),
        (breaking.accepted_unproven, UNTOLD),
        (breaking.invited_in_another_case, UNTOLD),
    ),
    "I-INV-4": ((breaking.given_beyond_the_plan, UNTOLD), (breaking.joined_beyond_the_plan, UNTOLD)),
    "I-INV-5": ((breaking.planned_elsewhere, UNTOLD), (breaking.invited_by_nobody_left, UNTOLD)),
    "I-INV-6": ((breaking.invited_twice, UNTOLD),),
    "I-ID-1": ((breaking.another_case, UNTOLD), (breaking.no_address, UNTOLD)),
    "I-ID-3": ((breaking.proven_by_nobody, UNTOLD),),
}
"""What breaks each invariant, and which others are found then besides."""


@pytest.mark.parametrize(
    ("invariant", "break_it", "besides"),
    [pytest.param(name, *how, id=f"{name}-{how[0].__name__}") for name, ways in BREAKS.items() for how in ways],
)
def test_what_breaks_an_invariant_is_found_by_its_id(
    cast: Cast, invariant: str, break_it: Callable[[Cast], None], besides: set[str]
) -> None:
    """Found, and nothing else is; and all is well again once it is undone."""
    with broken(break_it, cast):
        assert {name for name, _what in faults()} == {invariant} | besides
    assert faults() == []


def test_every_invariant_is_broken_by_some_test() -> None:
    """The two that only the engine, or the machine, can break have tests of their own below."""
    assert sorted(INVARIANTS) == sorted({*BREAKS, "I-AZ-3", "I-DB-1"})


class TestWhatIsSound:
    def test_the_cast_and_all_that_happens_to_them(self, cast: Cast) -> None:
        breaking.much(cast)
        assert faults() == []

    def test_an_account_that_was_linked_and_is_not(self, cast: Cast) -> None:
        organization_links.unlink_account(by=OPERATOR, account=cast.account)
        assert faults() == []
        organization_links.link_account(by=OPERATOR, organization=cast.acme, account=cast.account)
        assert faults() == []

    def test_a_group_that_is_gone(self, cast: Cast) -> None:
        group_deletion.delete(by=caller(cast.alice), group=cast.analysts)
        assert faults() == []

    def test_who_is_suspended_everywhere_or_within(self, cast: Cast) -> None:
        people.suspend(by=OPERATOR, user=cast.ben)
        organization_roles.suspend_person(by=OPERATOR, organization=cast.acme, user=cast.cleo)
        assert faults() == []

    def test_an_account_whose_manager_begins_later(self, cast: Cast) -> None:
        """I-MG-3: the mark stays true until something is written, though by now there is a manager."""
        corner = resource(cast.dan, "account", "d", "Corner")
        bindings.grant(by=OPERATOR, to=[cast.ben], on=corner, permissions=["manage_users"], window=Window(NOW.replace(day=23)))
        with broken(lambda _cast: None, cast):
            row = Resource.objects.get(pk=corner)
            breaking.run("DELETE FROM binding WHERE principal_id = %s AND resource_id = %s", [cast.dan, corner])
            breaking.run("UPDATE resource SET awaiting_manager = %s WHERE id = %s", [True, row.pk])
            assert verify(by=caller(None, NOW.replace(day=24)), only=["I-MG-1", "I-MG-3"]) == ()

    def test_organizations_that_never_had_an_admin(self, cast: Cast) -> None:
        breaking.run(
            "INSERT INTO tenant (kind, revision, number, head, epoch) SELECT 'organization', 0, 0, '', epoch FROM tenant WHERE id = 1"
        )
        statement = """
          INSERT INTO organization (key, name, name_key, identity_source, policy_mode, allowed_domains, allowed_addresses,
                                    blocked_addresses, verified_only, tenant_id)
          SELECT 'bolt', 'Bolt', 'bolt', 'open', 'anybody', '[]', '[]', '[]', %s, MAX(id) FROM tenant"""
        breaking.run(statement, [False])
        assert faults("I-MG-1", "I-GR-3") == []

    def test_it_changes_nothing(self, cast: Cast) -> None:
        breaking.much(cast)
        before = contents()
        verify(by=OPERATOR)
        assert contents() == before


class TestTheEngine:
    """What only a wrong engine can break."""

    def test_i_az_3_a_row_that_takes_something_away(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        local = Moment.local
        monkeypatch.setattr(Moment, "local", lambda self, who, where: local(self, who, where) | (8 if len(self.facts.bindings) < 2 else 0))
        assert "I-AZ-3" in {name for name, _what in faults()}

    def test_i_az_4_somebody_suspended_who_holds_something(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        people.suspend(by=OPERATOR, user=cast.ben)
        group_deletion.delete(by=caller(cast.alice), group=cast.analysts)
        monkeypatch.setattr(Moment, "obstacle", lambda _self, _who, _where: None)
        assert {name for name, _what in faults()} == {"I-AZ-4", "I-AZ-1"}

    def test_i_az_1_an_edge_that_stops_nothing(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        breaking.much(cast)
        monkeypatch.setattr(Moment, "passed_down", lambda _self, mask, _node: mask)
        assert {name for name, _what in faults(sample=100)} == {"I-AZ-1"}

    def test_i_az_7_an_answer_that_lacks_what_it_includes(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        effective = Moment.effective
        monkeypatch.setattr(Moment, "effective", lambda self, who, where: effective(self, who, where) & ~1)
        assert {name for name, _what in faults()} == {"I-AZ-1", "I-AZ-7"}

    def test_the_plain_rules_say_what_the_engine_says(self, cast: Cast) -> None:
        """I-AZ-1: for everybody everywhere in a world with all platforms."""
        breaking.much(cast)
        catalogue = blueprints.catalogue()
        moment = Moment(slices.world(), catalogue, NOW)
        for node in moment.facts.resources.values():
            for somebody in moment.facts.principals:
                held = recomputation.names(catalogue.of(node.ref.type), moment.effective(somebody, node.id))
                assert recomputation.effective(somebody, node.id, catalogue, NOW) == held


class TestTheDatabase:
    def test_i_db_1_a_row_that_refers_to_nothing_or_a_constraint_never_validated(self, cast: Cast) -> None:
        def unchecked(cast: Cast) -> None:
            if CHOICE == "sqlite":
                breaking.bound_at_nothing(cast)
            else:
                breaking.run("ALTER TABLE resource ADD CONSTRAINT short CHECK (length(name) < 3) NOT VALID")

        before = faults("I-DB-1")
        with broken(unchecked, cast):
            found = [what for what in faults("I-DB-1") if what not in before]
        assert len(found) == 1
        assert ("binding" if CHOICE == "sqlite" else "short") in found[0][1]

    @pytest.mark.parametrize(
        ("settings", "fault"),
        [
            ({"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "safe": (99,)}, "journal_mode = wal, SQLite"),
            ({"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "safe": (3,)}, ""),
            ({"journal_mode": "off", "synchronous": 2, "foreign_keys": 1, "safe": (3,)}, "journal_mode = off"),
            ({"journal_mode": "delete", "synchronous": 1, "foreign_keys": 0, "safe": (3,)}, "synchronous = 1, foreign_keys = 0"),
        ],
    )
    def test_i_db_1_sqlite_that_forgets(self, monkeypatch: pytest.MonkeyPatch, settings: dict[str, object], fault: str) -> None:
        pragmas = {f"PRAGMA {name}": [(value,)] for name, value in settings.items()}
        monkeypatch.setattr(durability, "WAL_IS_SAFE_FROM", settings["safe"])
        monkeypatch.setattr(durability, "fetch", lambda statement, _parameters: pragmas.get(statement, []))
        found = list(durability._of_sqlite())
        assert found[0].startswith(fault) if fault else found == [], found

    def test_i_db_1_postgresql_that_forgets(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shown = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "remote_write"}
        lines: dict[str, list[tuple[object, ...]]] = {f"SHOW {name}": [(value,)] for name, value in shown.items()}
        monkeypatch.setattr(durability, "fetch", lambda statement, _parameters: lines.get(statement, []))
        assert list(durability._of_postgresql()) == []
        lines["SHOW fsync"] = [("off",)]
        monkeypatch.setattr(
            durability, "fetch", lambda statement, _parameters: [("x",)] if "FROM pg_" in statement else lines.get(statement, [])
        )
        assert list(durability._of_postgresql()) == ["fsync = off", "constraint x was never validated", "index x is not valid"]


class TestWhoMayVerify:
    def test_only_an_operator(self, cast: Cast) -> None:
        with refused(Forbidden, "not_operator"):
            verify(by=caller(cast.alice))
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        assert verify(by=caller(cast.dan), only=["I-GR-1"]) == ()

    def test_what_is_no_invariant(self, cast: Cast) -> None:
        with refused(Invalid, "invariant", "peace", "I-AU-1, "):
            verify(by=OPERATOR, only=["peace"])

    def test_without_a_sample_no_answer_is_worked_out_again(self, cast: Cast) -> None:
        with broken(breaking.given_more_than_it_says, cast):
            assert {name for name, _what in faults(sample=0)} == {"I-AZ-7"}


def test_a_world_without_anything(db: None) -> None:
    assert faults() == []
    person("Alice")
    assert faults() == []
