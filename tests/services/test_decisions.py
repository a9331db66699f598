"""Decisions by the names people use: check, many at once, explain, who and what."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.refusals import Forbidden, Invalid, NotFound
from keyholder.domain.windows import Window
from keyholder.engine import search
from keyholder.engine.moment import Moment, Reason
from keyholder.services.commands import bindings, organizations, people
from keyholder.services.queries.batches import check_all
from keyholder.services.queries.decisions import Asked, check, what, who
from keyholder.services.queries.explanations import explanation
from keyholder.storage import blueprints, slices
from keyholder.storage.models import Membership, User
from tests.cast import NOW, OPERATOR, Cast, caller, group, resource
from tests.engine.worlds import Drawn, worlds
from tests.services.refusing import refused
from tests.storage.rows import crowd, queries, stored

SHOP, WEB, ALL_DATA = ResourceRef("account", "100"), ResourceRef("property", "UA-100-1"), ResourceRef("view", "1001")
CLEO, DAN = "cleo@acme.example", "dan@acme.example"


def asked(user: str, permission: str = "", at: ResourceRef = WEB, action: str = "") -> Asked:
    return Asked(user, at, permission, action)


class TestCheck:
    def test_yes_and_no_with_their_reasons(self, cast: Cast) -> None:
        yes = check(by=OPERATOR, asked=asked(CLEO, "collaborate"))
        assert (yes.allowed, yes.reason, yes.judged_at) == (True, Reason.GRANTED, WEB)
        assert check(by=OPERATOR, asked=asked("  CLEO@acme.example ", "edit")).reason is Reason.NOT_HELD

    def test_an_action_is_judged_where_it_belongs(self, cast: Cast) -> None:
        """R032: Ben's edit at the account lets him create a filter, asked about the view."""
        answer = check(by=OPERATOR, asked=asked("ben@acme.example", at=ALL_DATA, action="filter.create"))
        assert (answer.allowed, answer.permission, answer.judged_at) == (True, "edit", SHOP)

    @pytest.mark.parametrize(
        ("question", "reason"),
        [
            (asked("nobody@acme.example", "edit"), Reason.UNKNOWN_PRINCIPAL),
            (asked("no address at all", "edit"), Reason.UNKNOWN_PRINCIPAL),
            (asked(CLEO, "edit", ResourceRef("view", "none")), Reason.UNKNOWN_RESOURCE),
        ],
    )
    def test_i_az_10_whom_or_what_nobody_knows_is_a_no(self, cast: Cast, question: Asked, reason: Reason) -> None:
        answer = check(by=OPERATOR, asked=question)
        assert (answer.allowed, answer.reason) == (False, reason)

    @pytest.mark.parametrize(
        ("question", "code"),
        [
            (asked(CLEO, "edit", ResourceRef("planet", "1")), "type"),
            (asked(CLEO, "fly"), "permission"),
            (asked(CLEO, action="filter.fly"), "action"),
            (asked(CLEO), "question"),
            (asked(CLEO, "edit", action="filter.create"), "question"),
        ],
    )
    def test_names_that_no_blueprint_has_are_refused(self, cast: Cast, question: Asked, code: str) -> None:
        with refused(Invalid, code):
            check(by=OPERATOR, asked=question)

    def test_another_moment_judges_todays_facts(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"], window=Window(ends_at=NOW + timedelta(days=1)))
        for days, allowed in ((0, True), (1, False)):
            question = Asked(DAN, ALL_DATA, "edit", at=NOW + timedelta(days=days))
            assert check(by=OPERATOR, asked=question).allowed is allowed

    def test_a_check_costs_one_query(self, cast: Cast) -> None:
        assert queries(lambda: check(by=OPERATOR, asked=asked(CLEO, "edit"))) == 1
        guests = crowd(500)
        Membership.objects.bulk_create([Membership(group_id=cast.analysts, member_id=g) for g in guests])
        assert queries(lambda: check(by=OPERATOR, asked=asked(CLEO, "edit"))) == 1


class TestWhoMayAsk:
    def test_personsask_about_themselves_where_they_can_see(self, cast: Cast) -> None:
        assert check(by=caller(cast.cleo), asked=asked(CLEO, "read_analyze")).allowed
        with refused(NotFound, "not_found"):
            check(by=caller(cast.dan), asked=asked(DAN, "read_analyze"))

    def test_r064_others_are_asked_about_by_who_manages_there(self, cast: Cast) -> None:
        assert check(by=caller(cast.alice), asked=asked(CLEO, "collaborate")).allowed
        for query in (check, explanation):
            with refused(Forbidden, "lacks_permission"):
                query(by=caller(cast.ben), asked=asked(CLEO, "collaborate"))
        with refused(Forbidden, "lacks_permission"):
            who(by=caller(cast.ben), resource=WEB)

    def test_r_ten_1_a_stranger_to_the_tenant_is_answered_like_nobody(self, cast: Cast) -> None:
        answers = [explanation(by=caller(cast.alice), asked=asked(user, "edit")) for user in (DAN, "nobody@acme.example")]
        assert answers[0] == answers[1]
        assert (answers[0].reason, answers[0].principal) == (Reason.UNKNOWN_PRINCIPAL, None)

    def test_what_shows_of_others_only_what_the_reader_manages(self, cast: Cast) -> None:
        resource(cast.cleo, "account", "900", "Cleo's own")
        assert [str(access.resource.ref) for access in what(by=caller(cast.alice), user=CLEO)] == [str(SHOP), str(WEB), str(ALL_DATA)]
        assert len(what(by=caller(cast.cleo), user=CLEO)) == len(what(by=OPERATOR, user=CLEO)) == 4
        for user in (DAN, "nobody@acme.example", "alice@acme.example"):
            with refused(NotFound, "not_found"):
                what(by=caller(cast.ben), user=user)


class TestWhoAndWhat:
    def test_who_names_everybody_with_sources(self, cast: Cast) -> None:
        found = who(by=OPERATOR, resource=WEB)
        assert [access.principal.name for access in found] == ["Alice", "Ben", "Cleo"]
        assert [str(source.label) for source in found[2].sources] == ["from Shop", "through Analysts"]
        assert [access.principal.name for access in who(by=OPERATOR, resource=WEB, permission="edit")] == ["Alice", "Ben"]

    def test_what_goes_down_the_tree(self, cast: Cast) -> None:
        found = what(by=OPERATOR, user=CLEO)
        assert [(str(a.resource.ref), a.effective.shown) for a in found] == [
            (str(SHOP), ("read_analyze",)),
            (str(WEB), ("collaborate",)),
            (str(ALL_DATA), ("collaborate",)),
        ]

    def test_they_cost_the_same_whatever_the_size(self, cast: Cast) -> None:
        before = queries(lambda: who(by=OPERATOR, resource=WEB)), queries(lambda: what(by=OPERATOR, user=CLEO))
        Membership.objects.bulk_create([Membership(group_id=cast.analysts, member_id=g) for g in crowd(500)])
        for number in range(20):
            resource(cast.alice, "view", f"v{number}", f"View {number}", cast.property)
        assert (queries(lambda: who(by=OPERATOR, resource=WEB)), queries(lambda: what(by=OPERATOR, user=CLEO))) == before
        assert len(what(by=OPERATOR, user=CLEO)) == 23


class TestExplanation:
    def test_r017_every_way_that_gives_it(self, cast: Cast) -> None:
        found = explanation(by=OPERATOR, asked=asked(CLEO, "read_analyze", ALL_DATA))
        assert (found.allowed, [str(path.label) for path in found.paths]) == (True, ["from Shop", "from Web through Analysts"])
        assert found.paths[1].resource.ref == WEB
        assert [g.name for g in found.paths[1].groups] == ["Analysts"]

    def test_r110_a_no_says_what_is_near_and_whom_to_ask(self, cast: Cast) -> None:
        """R110: Dan can edit the view alone, which does not rise; Alice is whom to ask."""
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"])
        found = explanation(by=caller(cast.dan), asked=asked(DAN, "edit", SHOP))
        assert (found.allowed, found.reason) == (False, Reason.BELOW_ONLY)
        assert [(miss.reasons, miss.source.resource.name) for miss in found.near_misses] == [((Reason.BELOW_ONLY,), "All data")]
        assert [person.name for person in found.ask] == ["Alice"]

    def test_a_suspended_person_is_told_so(self, cast: Cast) -> None:
        people.suspend(by=OPERATOR, user=cast.cleo)
        assert explanation(by=OPERATOR, asked=asked(CLEO, "read_analyze")).reason is Reason.SUSPENDED

    def test_nobody_is_found_nowhere(self, cast: Cast) -> None:
        found = explanation(by=OPERATOR, asked=asked("nobody@acme.example", "edit", ResourceRef("view", "none")))
        assert (found.principal, found.resource, found.judged_at, found.paths) == (None, None, None, ())

    def test_it_costs_the_same_whatever_the_size(self, cast: Cast) -> None:
        question = asked(CLEO, "manage_users")
        before = queries(lambda: explanation(by=OPERATOR, asked=question))
        Membership.objects.bulk_create([Membership(group_id=cast.analysts, member_id=g) for g in crowd(500)])
        assert queries(lambda: explanation(by=OPERATOR, asked=question)) == before


class TestManyAtOnce:
    QUESTIONS = (
        asked(CLEO, "collaborate"),
        asked(CLEO, "edit"),
        asked("nobody@acme.example", "edit"),
        asked("not an address", "edit"),
        asked(CLEO, "fly"),
        asked(CLEO, action="fly"),
        asked(CLEO, "edit", ResourceRef("planet", "1")),
        asked("ben@acme.example", at=ALL_DATA, action="filter.create"),
    )

    def test_r_prv_12_each_is_answered_as_alone(self, cast: Cast) -> None:
        answers = (True, False, False, False, False, False, False, True)
        assert check_all(by=OPERATOR, questions=self.QUESTIONS) == answers
        assert check_all(by=caller(cast.alice), questions=self.QUESTIONS) == answers
        assert check_all(by=caller(cast.ben), questions=self.QUESTIONS) == (False,) * 7 + (True,)

    def test_three_queries_for_any_number(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        assert queries(lambda: check_all(by=OPERATOR, questions=self.QUESTIONS)) == 3
        assert queries(lambda: check_all(by=OPERATOR, questions=self.QUESTIONS * 200)) == 3
        expected = check_all(by=OPERATOR, questions=self.QUESTIONS)
        monkeypatch.setattr("keyholder.services.queries.batches.MOST", 1)
        assert check_all(by=OPERATOR, questions=self.QUESTIONS) == expected
        assert queries(lambda: check_all(by=OPERATOR, questions=self.QUESTIONS)) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(worlds())
@pytest.mark.django_db
def test_r_dec_1_single_answers_lists_and_batches_agree(world: Drawn) -> None:
    """R-DEC-1, I-AZ-8: check, who, what and many at once say the same, on the slices that each of them reads."""
    if world.blueprint.name not in blueprints.catalogue().blueprints:
        return
    by = caller(None, world.at)
    with stored(world.facts, world.catalogue):
        persons = {canonical: PrincipalId(pk) for canonical, pk in User.objects.values_list("canonical", "pk")}
        facts = slices.world()
        moment = Moment(facts, world.catalogue, world.at)
        held = {}
        for address, person in persons.items():
            reached = {access.resource.id: access.effective.names for access in what(by=by, user=address)}
            for node in facts.resources.values():
                names = world.blueprint.names(moment.effective(person, node.id))
                held[person, node.id] = names
                assert reached.get(node.id, ()) == names
        for node in facts.resources.values():
            listed = {a.principal.id: a.effective.names for a in who(by=by, resource=node.ref) if a.principal.id in persons.values()}
            assert listed == {p: names for (p, n), names in held.items() if n == node.id and names}
        questions = [Asked(a, n.ref, name) for a in persons for n in facts.resources.values() for name in world.blueprint.permissions]
        answers = [check(by=by, asked=question).allowed for question in questions]
        assert check_all(by=by, questions=questions) == tuple(answers)
        assert answers == [q.permission in held[persons[q.user], facts.by_ref[q.resource].id] for q in questions]


def test_r_ten_1_an_explanation_names_no_group_of_another_organization(cast: Cast) -> None:
    """R081: a group that is bound nowhere here is on no way here."""
    other = organizations.create(by=caller(cast.dan), name="Bolt")
    secret = group(cast.dan, other, "Secret")
    Membership.objects.create(group_id=secret, member_id=cast.cleo)
    found = explanation(by=caller(cast.alice), asked=asked(CLEO, "manage_users"))
    assert "Secret" not in repr(found)


def test_the_search_of_the_engine_is_what_who_shows(cast: Cast) -> None:
    facts = slices.at([ResourceId(cast.property)])
    expected = search.who(facts, blueprints.catalogue(), cast.property, NOW)
    assert {a.principal.id for a in who(by=OPERATOR, resource=WEB)} == {a.principal for a in expected}
