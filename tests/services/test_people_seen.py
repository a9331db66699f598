"""A person's page, and whom the dialog that adds people knows."""

from datetime import timedelta

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.refusals import Forbidden, NotFound
from keyholder.domain.windows import Window
from keyholder.services.access_trees import AccessNode
from keyholder.services.commands import bindings, group_members, organizations, people, resources
from keyholder.services.commands.resources import NewResource
from keyholder.services.queries.acquaintances import Prospect, Recognised, known, recognise
from keyholder.services.queries.people import Person, SignInMethod, person
from keyholder.services.read_models import Badge
from keyholder.storage.models import Binding, Membership
from tests import cast as world
from tests.cast import NOW, OPERATOR, Cast, caller, group, resource
from tests.services.refusing import refused
from tests.storage.rows import crowd, queries


def lines(node: AccessNode, depth: int = 0) -> list[tuple[int, str, tuple[str, ...], tuple[str, ...]]]:
    """Return a tree as indented lines: name, local, inherited."""
    access = node.access
    here = (depth, node.resource.name, access.local.shown if access else (), access.inherited.shown if access else ())
    return [here, *(line for child in node.children for line in lines(child, depth + 1))]


def tree(found: Person) -> list[tuple[int, str, tuple[str, ...], tuple[str, ...]]]:
    return [line for platform in found.platforms for node in platform.nodes for line in lines(node)]


class TestPerson:
    def test_r016_access_is_a_tree_of_what_is_local_and_what_is_inherited(self, cast: Cast) -> None:
        """R016, R017: what stands where, and where it can be changed."""
        cleo = person(by=caller(cast.alice), of=cast.cleo)
        assert tree(cleo) == [(0, "Shop", ("read_analyze",), ()), (1, "Web", ("collaborate",), ())]
        assert [(g.group.name, g.organization.name, g.via) for g in cleo.groups] == [("Analysts", "Acme", ())]
        assert cleo.platforms[0].nodes[0].can_change
        assert (cleo.status, cleo.badges, cleo.sign_in_methods, cleo.is_reader) == (Status.ACTIVE, frozenset(), (), False)

    def test_groups_are_direct_or_by_way_of_others(self, cast: Cast) -> None:
        until = NOW + timedelta(days=3)
        group_members.add(by=caller(cast.alice), group=cast.interns, members=[cast.ben], window=Window(ends_at=until))
        ben = person(by=caller(cast.alice), of=cast.ben)
        assert [(g.group.name, [v.name for v in g.via], g.until) for g in ben.groups] == [
            ("Interns", [], until),
            ("Analysts", ["Interns"], until),
        ]
        web = ben.platforms[0].nodes[0].children[0]
        assert (web.resource.name, web.until) == ("Web", None), "edit from the account includes what the group gives"

    def test_what_ends_says_when(self, cast: Cast) -> None:
        until = NOW + timedelta(days=3)
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=["edit"], window=Window(ends_at=until))
        shop = person(by=caller(cast.alice), of=cast.cleo).platforms[0].nodes[0]
        view = shop.children[0].children[0]
        assert (shop.until, view.resource.name, view.until) == (None, "All data", until)

    def test_r064_only_what_the_reader_manages_is_shown(self, cast: Cast) -> None:
        """R064: who manages the view alone sees there what comes from above, and nothing beside."""
        own = resource(cast.cleo, "account", "900", "Cleo's own")
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["manage_users"])
        assert tree(person(by=caller(cast.dan), of=cast.cleo)) == [
            (0, "Shop", (), ()),
            (1, "Web", (), ()),
            (2, "All data", (), ("collaborate",)),
        ]
        assert "Cleo's own" not in repr(person(by=caller(cast.alice), of=cast.cleo))
        assert own in {node.resource.id for p in person(by=caller(cast.cleo), of=cast.cleo).platforms for node in p.nodes}

    def test_oneself_is_seen_in_full_without_managing(self, cast: Cast) -> None:
        cleo = person(by=caller(cast.cleo), of=cast.cleo)
        assert [name for _depth, name, _local, _inherited in tree(cleo)] == ["Shop", "Web"]
        assert not cleo.platforms[0].nodes[0].can_change
        assert (cleo.badges, cleo.is_reader) == (frozenset({Badge.YOU}), True)

    def test_r_ten_1_who_has_nothing_in_common_is_not_there(self, cast: Cast) -> None:
        for reader, of in ((cast.alice, cast.dan), (cast.dan, cast.alice), (cast.ben, cast.cleo), (cast.alice, PrincipalId(10**6))):
            with refused(NotFound, "not_found"):
                person(by=caller(reader), of=of)
        with refused(NotFound, "not_found"):
            person(by=OPERATOR, of=cast.analysts)

    def test_an_operator_sees_who_is_there_but_not_what_they_hold(self, cast: Cast) -> None:
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        cleo = person(by=caller(cast.dan), of=cast.cleo)
        assert (cleo.principal.name, cleo.platforms, cleo.groups) == ("Cleo", (), ())
        assert person(by=caller(cast.dan), of=cast.dan).badges == {Badge.YOU, Badge.OPERATOR}
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.account, permissions=["read_analyze"])
        assert person(by=caller(cast.alice), of=cast.dan).badges == frozenset(), "that is not the tenant's business"

    def test_two_clients_of_one_host_see_nothing_of_each_other(self, cast: Cast) -> None:
        host = resource(None, "host", "h", "Agency")
        clients = [
            resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", key), key, host), administrator=administrator)
            for key, administrator in (("1", cast.cleo), ("2", cast.dan))
        ]
        with refused(NotFound, "not_found"):
            person(by=caller(cast.cleo), of=cast.dan)
        assert known(by=caller(cast.cleo), at=clients[0], text="dan") == ()

    def test_what_a_suspension_holds_back_stays_visible(self, cast: Cast) -> None:
        people.suspend(by=OPERATOR, user=cast.ben)
        ben = person(by=caller(cast.alice), of=cast.ben)
        assert (ben.status, ben.badges) == (Status.SUSPENDED, frozenset({Badge.SUSPENDED}))
        assert tree(ben) == [(0, "Shop", ("edit",), ())]
        access = ben.platforms[0].nodes[0].access
        assert access is not None
        assert access.effective.names == ()

    def test_roles_in_the_readers_organizations_are_named(self, cast: Cast) -> None:
        alice = person(by=OPERATOR, of=cast.alice)
        assert [(o.organization.name, o.role, o.suspended) for o in alice.organizations] == [("Acme", OrganizationRole.ADMIN, False)]
        shop = alice.platforms[0].nodes[0].access
        assert shop is not None
        assert [str(source.label) for source in shop.sources] == ["as an admin of Acme", "given here"]

    def test_ways_of_signing_in(self, cast: Cast) -> None:
        people.set_password(by=OPERATOR, user=cast.cleo, password="correct horse battery staple")
        assert person(by=caller(cast.cleo), of=cast.cleo).sign_in_methods == (SignInMethod.PASSWORD,)

    def test_it_costs_the_same_whatever_the_size(self, cast: Cast) -> None:
        before = queries(lambda: person(by=caller(cast.alice), of=cast.cleo))
        for number in range(20):
            view = resource(cast.alice, "view", f"v{number}", f"View {number}", cast.property)
            bindings.grant(by=OPERATOR, to=[cast.cleo], on=view, permissions=["edit"])
        Membership.objects.bulk_create([Membership(group_id=cast.analysts, member_id=g) for g in crowd(100)])
        assert queries(lambda: person(by=caller(cast.alice), of=cast.cleo)) == before
        assert len(tree(person(by=caller(cast.alice), of=cast.cleo))) == 22


class TestAcquaintances:
    def test_whom_one_may_see_is_suggested(self, cast: Cast) -> None:
        assert [v.name for v in known(by=caller(cast.alice), at=cast.view, text="le")] == ["Alice", "Ben", "Cleo"], "acme.example"
        assert [v.name for v in known(by=caller(cast.alice), at=cast.view, text="anal")] == ["Analysts"]
        assert [v.name for v in known(by=caller(cast.alice), at=cast.view, text="dan")] == []
        assert [v.name for v in known(by=OPERATOR, at=cast.view, text="dan")] == ["Dan"]
        assert known(by=caller(cast.alice), at=cast.view, text=" ") == ()

    def test_nobody_is_suggested_from_another_tenant(self, cast: Cast) -> None:
        """What Alice manages elsewhere is not known here: adding from there would be an invitation."""
        other = resource(cast.alice, "account", "700", "Elsewhere")
        bindings.grant(by=OPERATOR, to=[cast.dan], on=other, permissions=["read_analyze"])
        bolt = organizations.create(by=caller(cast.alice), name="Bolt")
        group(cast.alice, bolt, "Dancers")
        assert known(by=caller(cast.alice), at=cast.account, text="dan") == ()
        assert [v.name for v in known(by=caller(cast.alice), at=other, text="dan")] == ["Dan"]

    def test_r042_each_typed_address_is_recognised(self, cast: Cast) -> None:
        """R042, R043: with the reason of what is no address; whether a stranger has a person here is not said."""
        Membership.objects.create(group_id=cast.interns, member_id=world.person("Eve"))
        typed = ["Cleo@ACME.example", "eve@acme.example", "dan@acme.example", "new@acme.example", "no address"]
        found = recognise(by=caller(cast.alice), at=cast.account, typed=typed)
        assert [r.prospect for r in found] == [
            Prospect.HERE,
            Prospect.KNOWN,
            Prospect.STRANGER,
            Prospect.STRANGER,
            Prospect.WRONG,
        ]
        assert [r.principal.name if r.principal else "" for r in found] == ["Cleo", "Eve", "", "", ""]
        assert found[4].why is not None
        assert recognise(by=OPERATOR, at=cast.account, typed=["dan@acme.example"])[0].prospect is Prospect.KNOWN

    @pytest.mark.parametrize(("mode", "prospect"), [(PolicyMode.ADVISORY, Prospect.KNOWN), (PolicyMode.ENFORCED, Prospect.REFUSED)])
    def test_r087_the_policy_speaks_before_anybody_is_added(self, cast: Cast, mode: PolicyMode, prospect: Prospect) -> None:
        Membership.objects.create(group_id=cast.interns, member_id=world.person("Eve", "eve@else.example"))
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=Policy(mode, ("acme.example",)))
        typed = ["eve@else.example", "new@else.example", "cleo@acme.example"]
        found = recognise(by=caller(cast.alice), at=cast.account, typed=typed)
        stranger = Prospect.REFUSED if mode is PolicyMode.ENFORCED else Prospect.STRANGER
        assert [r.prospect for r in found] == [prospect, stranger, Prospect.HERE]
        assert [bool(r.why) for r in found] == [True, True, False]

    def test_r064_only_who_manages_there_may_ask(self, cast: Cast) -> None:
        for ask in (lambda: known(by=caller(cast.ben), at=cast.account, text="c"), lambda: _recognise(cast.ben, cast)):
            with refused(Forbidden, "lacks_permission"):
                ask()

    def test_they_cost_the_same_whatever_the_size(self, cast: Cast) -> None:
        before = queries(lambda: _recognise(cast.alice, cast)), queries(lambda: known(by=caller(cast.alice), at=cast.account, text="e"))
        guests = crowd(100)
        Binding.objects.bulk_create([Binding(principal_id=g, resource_id=cast.account, permissions="read_analyze", mask=1) for g in guests])
        after = queries(lambda: _recognise(cast.alice, cast, *(f"guest.{g}@acme.example" for g in guests)))
        assert (after, queries(lambda: known(by=caller(cast.alice), at=cast.account, text="e"))) == before


def _recognise(reader: PrincipalId, cast: Cast, *more: str) -> tuple[Recognised, ...]:
    return recognise(by=caller(reader), at=cast.account, typed=["cleo@acme.example", *more])
