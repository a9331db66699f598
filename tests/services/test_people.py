"""People: making, renaming and suspending them, and who runs the instance (semantics 2)."""

from collections.abc import Callable

import pytest

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal
from keyholder.services.commands import people
from keyholder.storage.models import Event, Principal, ServiceAccount, Tenant, User
from tests.cast import OPERATOR, Cast, caller, holds
from tests.services.happened import actions, last
from tests.services.refusing import refused

NOBODY = PrincipalId(9999)


class TestMaking:
    @pytest.mark.parametrize("other", ["Mike@GMAIL.com", " mike@googlemail.com ", "MIKE@gmail\u3002com"])
    def test_r044_one_person_for_an_address_however_it_is_written(self, db: None, other: str) -> None:
        """R044, I-ID-1: by case, alias and alphabet; shown as it was typed."""
        mike = people.create_user(by=OPERATOR, email="Mike@Googlemail.com", name="Mike")
        row = User.objects.get(pk=mike)
        assert (row.email, row.canonical) == ("Mike@Googlemail.com", "mike@gmail.com")
        with refused(Conflict, "address_taken"):
            people.create_user(by=OPERATOR, email=other)

    def test_without_a_name_the_address_stands_for_it(self, db: None) -> None:
        long = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example"
        made = [people.create_user(by=OPERATOR, email=email) for email in ("Eve@Acme.example", long)]
        assert [User.objects.get(pk=pk).name for pk in made] == ["eve@acme.example", long[:200]]

    @pytest.mark.parametrize(("email", "name", "code"), [("eve", "", "address"), ("eve@a", "", "address"), ("e@a.b", "E\u202eve", "name")])
    def test_what_is_no_address_or_no_name_is_refused(self, db: None, email: str, name: str, code: str) -> None:
        with refused(Invalid, code):
            people.create_user(by=OPERATOR, email=email, name=name)
        assert not Principal.objects.exists()

    def test_machines_have_names_of_their_own(self, db: None) -> None:
        robot = people.create_service_account(by=OPERATOR, name=" Repörter ")
        assert ServiceAccount.objects.get(pk=robot).name == "Repörter"
        with refused(Conflict, "name_taken", "REPÖRTER"):
            people.create_service_account(by=OPERATOR, name="REPÖRTER")


class TestChanging:
    def test_everybody_renames_themselves(self, cast: Cast) -> None:
        people.rename_user(by=caller(cast.ben), user=cast.ben, name="Benedict")
        row = User.objects.get(pk=cast.ben)
        assert (row.name, row.name_key, row.search_key) == ("Benedict", "benedict", "benedict ben@acme.example")
        details = Event.objects.get(action="user.renamed").details
        assert (details["before"], details["after"]) == ("Ben", "Benedict")

    def test_the_language_is_one_of_those_spoken(self, cast: Cast) -> None:
        people.choose_language(by=caller(cast.ben), language="lv")
        people.choose_language(by=OPERATOR, language="lv")
        assert User.objects.get(pk=cast.ben).language == "lv"
        for strange in ("xx", "", "en" * 50):
            with refused(Invalid, "language"):
                people.choose_language(by=caller(cast.ben), language=strange)

    def test_what_changes_nothing_is_no_event(self, cast: Cast) -> None:
        before = last()
        people.rename_user(by=caller(cast.ben), user=cast.ben, name="Ben ")
        people.choose_language(by=caller(cast.ben), language="en")
        people.choose_language(by=caller(cast.ben), language="en")
        people.activate(by=OPERATOR, user=cast.ben)
        people.dismiss_operator(by=OPERATOR, user=cast.ben)
        assert actions(before) == ["user.language_chosen"]


class TestSuspending:
    def test_nothing_is_effective_and_nothing_is_deleted(self, cast: Cast) -> None:
        """I-AZ-4: until the person is active again."""
        people.suspend(by=OPERATOR, user=cast.ben, reason="left")
        assert holds(cast.ben, cast.view) == set()
        people.activate(by=OPERATOR, user=cast.ben)
        assert "edit" in holds(cast.ben, cast.view)

    def test_every_tenant_where_the_person_holds_anything_hears_of_it(self, cast: Cast) -> None:
        """Caches follow the revision of the tenant that they hold (semantics 9)."""
        before = dict(Tenant.objects.values_list("pk", "revision"))
        people.suspend(by=OPERATOR, user=cast.cleo, reason="left")
        told = Event.objects.filter(action="user.suspended", reason="left").values_list("tenant__kind", flat=True)
        assert sorted(told) == ["instance", "organization"]
        bumped = {tenant.kind for tenant in Tenant.objects.all() if tenant.revision > before[tenant.pk]}
        assert bumped == {"instance", "organization"}


def of_others(who: PrincipalId) -> dict[str, Callable[[PrincipalId], object]]:
    """Return everything that can be done to another person, by somebody."""
    by = caller(who)
    return {
        "create": lambda _other: people.create_user(by=by, email="eve@acme.example"),
        "create a machine": lambda _other: people.create_service_account(by=by, name="Robot"),
        "rename": lambda other: people.rename_user(by=by, user=other, name="Other"),
        "suspend": lambda other: people.suspend(by=by, user=other),
        "activate": lambda other: people.activate(by=by, user=other),
        "appoint": lambda other: people.appoint_operator(by=by, user=other),
        "dismiss": lambda other: people.dismiss_operator(by=by, user=other),
        "set a password": lambda other: people.set_password(by=by, user=other, password="correct horse battery"),
    }


class TestOperators:
    @pytest.mark.parametrize("what", of_others(NOBODY))
    def test_r_prv_5_nobody_else_acts_on_people(self, cast: Cast, what: str) -> None:
        """R-PRV-5: also Alice, who administers Acme; the answer does not say who exists."""
        answers = []
        for other in (cast.ben, cast.dan, NOBODY):
            with pytest.raises(Refusal) as refusal:
                of_others(cast.alice)[what](other)
            answers.append((type(refusal.value), refusal.value.code, str(refusal.value)))
        assert set(answers) == {(Forbidden, "not_operator", "Only an operator can do this.")}

    def test_an_operator_does_and_holds_no_permission_by_it(self, cast: Cast) -> None:
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        for what, act in of_others(cast.dan).items():
            act(cast.cleo)
            if "create" not in what:
                with refused(NotFound, "not_found"):
                    act(NOBODY)
        assert [holds(cast.dan, node) for node in (cast.account, cast.property, cast.view)] == [set(), set(), set()]

    def test_a_suspended_operator_is_none(self, cast: Cast) -> None:
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        people.appoint_operator(by=OPERATOR, user=cast.ben)
        people.suspend(by=caller(cast.ben), user=cast.dan)
        with refused(Forbidden, "suspended"):
            people.activate(by=caller(cast.dan), user=cast.dan)
