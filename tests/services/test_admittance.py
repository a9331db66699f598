"""Whom an organization takes: one function for every door, and no door that goes around it (R043, R087, R-EML-6, semantics 5 and 7)."""

from contextlib import suppress
from dataclasses import replace

import pytest

from keyholder.domain.invitations import Link
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Refusal, Refusals
from keyholder.domain.state import IdentitySource, State
from keyholder.services import invariants
from keyholder.services.commands import (
    accepting,
    bindings,
    group_members,
    groups,
    inviting,
    organization_roles,
    organizations,
    people,
    resources,
    state,
)
from keyholder.services.commands.accepting import Answer
from keyholder.services.queries import acquaintances, prospects
from keyholder.services.queries import state as reading
from keyholder.services.queries.acquaintances import Prospect
from keyholder.services.queries.invitation_page import invitation_page
from keyholder.services.rules import admittance as rule
from keyholder.services.rules.admittance import ADDS
from keyholder.storage.models import Event, Identity, Invitation, Letter, Organization, User
from tests.cast import OPERATOR, Cast, caller, holds, person
from tests.every_command import COMMANDS, PASSWORD, made, said_of
from tests.services.happened import last
from tests.services.inviting_people import READ, invite, link_of, nobody, random, seen, set_mail_up
from tests.services.refusing import refused

ELSEWHERE = Policy(PolicyMode.ENFORCED, allowed_domains=("elsewhere.example",))
"""Everybody of the cast is outside."""
AWAITING = ""
"""No refusal: nothing can be given, so it stays pending and the managers are asked (semantics 6)."""
SHOWN_ANEW = "changed"
"""Nothing of it can be given by now, which is shown first (R-INV-9); accepting that is refused as well, below."""
ADDING = {
    "accepting.accept": AWAITING,
    "accepting.accept_as_proven": SHOWN_ANEW,
    "accepting.accept_with_password": SHOWN_ANEW,
    "additions.add": "policy",
    "bindings.grant": "policy",
    "group_members.add": "policy",
    "group_welcoming.welcome": "policy",
    "groups.add_owner": "policy",
    "inviting.invite": "policy",
    "invitations.new_link": "policy",
    "invitations.send_again": "policy",
    "invitations.send_all_again": "policy",
    "invitations.take_over": "policy",
    "organization_roles.appoint": "policy",
    "requests.approve": "policy",
    "welcoming.welcome": "policy",
}
"""The doors by which somebody comes into an organization or is invited to it, and what is said there."""
ALREADY_THERE = {
    "groups.create": "who makes a group owns it, and is there already",
    "groups.create_at": "the same; the group itself is nobody",
    "assignments.assign": "only who holds a role there is assigned anything",
    "moving.move": "to an account that no organization has; what it brings into one is judged where moves are tested",
    "ownership.hand_over": "invites to a resource that no organization has; else as inviting, which it does",
    "nesting.nest": "a group of the same organization, whose members are there already",
    "resources.create": "who makes a node gets it, and can make it only where they are already",
    "founding.found": "invites to an account that it makes itself, and that no organization has yet",
    "organizations.create": "it has no policy yet when its first admin comes",
}
"""What writes such rows and adds nobody."""


def comers(since: int) -> set[str]:
    """Return the nouns of rows written since an event by which somebody came into an organization or was invited to one."""
    rows = [change for event in Event.objects.filter(pk__gt=since) for change in event.changes]
    return {noun for noun, _number, before, after in rows if noun in {*ADDS, *rule.INVITES} and _comes(noun, before, after)}


def _comes(noun: str, before: dict[str, object] | None, after: dict[str, object] | None) -> bool:
    again = noun == Invitation.noun and before is not None and after is not None and before["generation"] != after["generation"]
    return before is None or again


def close(cast: Cast) -> None:
    """Let Acme take people only from its directory."""
    organizations.change(by=caller(cast.alice), organization=cast.acme, identity_source=IdentitySource.DIRECTORY)


class TestEveryDoor:
    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_command_that_adds_somebody_is_known_to_be_a_door(self, cast: Cast, command: str) -> None:
        """Whoever writes another one names it here, or says why it adds nobody."""
        act, before = COMMANDS[command](cast), last()
        act()
        assert bool(comers(before)) == (command in {*ADDING, *ALREADY_THERE})

    @pytest.mark.parametrize("command", ADDING)
    def test_r087_none_adds_whom_the_enforced_policy_keeps_out(self, cast: Cast, command: str) -> None:
        """R-EML-6, I-ID-4: everybody of the cast is outside, and nobody comes in by any of them."""
        act = COMMANDS[command](cast)
        organizations.set_policy(by=OPERATOR, organization=cast.acme, policy=ELSEWHERE)
        before = last()
        codes = set()
        try:
            act()
        except Refusals as refusal:
            codes = {row.refusal.code for row in refusal.rows}
        except Refusal as refusal:
            codes = {refusal.code}
        assert codes == {ADDING[command]} - {AWAITING}
        assert comers(before) == set()

    @pytest.mark.parametrize("command", ALREADY_THERE)
    def test_r088_who_is_there_already_goes_on_working(self, cast: Cast, command: str) -> None:
        """Existing violators stay: an enforced policy keeps nobody from making things where they are."""
        act = COMMANDS[command](cast)
        organizations.set_policy(by=OPERATOR, organization=cast.acme, policy=ELSEWHERE)
        act()

    def test_r087_a_door_that_forgets_is_found_by_the_rule_about_what_was_written(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The rule judges rows, not doors: without it Gus would be in."""
        gus = person("Gus", "gus@guest.example")
        organizations.set_policy(by=OPERATOR, organization=cast.acme, policy=ELSEWHERE)
        with refused(Conflict, "policy", "gus@guest.example", "Acme", "guest.example"):
            bindings.grant(by=OPERATOR, to=[gus], on=cast.view, permissions=["read_analyze"])
        monkeypatch.setattr(invariants, "RULES", [one for one in invariants.RULES if one is not rule.refusals])
        bindings.grant(by=OPERATOR, to=[gus], on=cast.view, permissions=["read_analyze"])
        assert holds(gus, cast.view) == {"read_analyze"}

    def test_r087_what_is_accepted_after_it_was_shown_anew(self, cast: Cast) -> None:
        """Nothing can be given, so it stays pending and the managers are asked (semantics 6)."""
        link = link_of(invite(cast, "dan@acme.example"))
        organizations.set_policy(by=OPERATOR, organization=cast.acme, policy=ELSEWHERE)
        set_mail_up()
        answer = accepting.accept(by=caller(cast.dan), link=link, seen=seen(link, cast.dan))
        assert (answer.answer, holds(cast.dan, cast.view)) == (Answer.AWAITING, set())
        assert Letter.objects.get(recipient="alice@acme.example").details["answer"] == "outside", "nobody could take it over"

    def test_r087_a_file_is_refused_and_names_everybody(self, cast: Cast) -> None:
        """The file of an organization that enforces its policy from the first on; marked as tolerated, the same people come in."""
        wanted = reading.current(by=OPERATOR)
        strict = tuple(replace(o, key="bolt", name="Bolt", policy=ELSEWHERE) for o in wanted.organizations)
        with pytest.raises(Refusal) as caught:
            state.apply(by=OPERATOR, state=State(users=wanted.users, organizations=strict))
        rows = caught.value.rows if isinstance(caught.value, Refusals) else ()
        assert {row.refusal.code for row in rows} == {"policy"}


class TestDirectory:
    """Only people whom the organization knows, or a sign-in provider vouches for, are added; others are refused by name (R043)."""

    def test_r043_an_unknown_address_is_not_invited(self, cast: Cast) -> None:
        close(cast)
        with refused(Conflict, "directory", "eve@else.example", "Acme"):
            inviting.invite(by=caller(cast.alice), at=cast.view, addresses=["eve@else.example"], random=[random()], wish=READ)

    def test_r043_nor_is_a_person_whom_nobody_vouches_for_added(self, cast: Cast) -> None:
        """Dan has a person here, and no access in Acme: not by access, a group, its ownership or a role, not even by an operator."""
        close(cast)
        doors = (
            lambda: bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["read_analyze"]),
            lambda: group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.dan]),
            lambda: groups.add_owner(by=OPERATOR, group=cast.analysts, user=cast.dan),
            lambda: organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.dan, role=OrganizationRole.ADMIN),
        )
        for door in doors:
            with refused(Conflict, "directory", "dan@acme.example", "Acme"):
                door()

    def test_r043_whom_a_provider_vouches_for_is_added_and_invited(self, cast: Cast) -> None:
        close(cast)
        vouch(cast.dan, "dan")
        invite(cast, "dan@acme.example")
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["read_analyze"])
        assert holds(cast.dan, cast.view) == {"read_analyze"}

    def test_r043_who_is_there_is_known_and_gets_more(self, cast: Cast) -> None:
        close(cast)
        bindings.grant(by=caller(cast.alice), to=[cast.cleo], on=cast.view, permissions=["edit"])
        resources.create(by=caller(cast.ben), new=made("property", "UA-2", cast.account))
        assert "edit" in holds(cast.cleo, cast.view)

    def test_r043_an_invitation_of_before_is_taken_by_a_provider_only(self, cast: Cast) -> None:
        """It was sent while anybody could come; who chooses a password is unknown to the directory, whom a provider proves is known."""
        link = link_of(invite(cast, "eve@acme.example"))
        close(cast)
        awaited = accepting.accept_with_password(by=nobody(), link=link, seen=seen(link), name="Eve", password=PASSWORD)
        assert awaited.answer is Answer.AWAITING
        assert not User.objects.filter(canonical="eve@acme.example").exists()
        with suppress(Conflict):
            accepting.accept_as_proven(by=nobody(), link=link, seen="", said=said_of("eve"), name="Eve")
        shown = page_of(link, "eve@acme.example")
        answer = accepting.accept_as_proven(by=nobody(), link=link, seen=shown, said=said_of("eve"), name="Eve")
        assert answer.answer is Answer.ACCEPTED

    def test_r043_what_is_typed_is_answered_with_the_same(self, cast: Cast) -> None:
        close(cast)
        vouch(cast.dan, "dan")
        typed = ["eve@else.example", "dan@acme.example", "cleo@acme.example"]
        found = acquaintances.recognise(by=caller(cast.alice), at=cast.view, typed=typed)
        assert [row.prospect for row in found] == [Prospect.REFUSED, Prospect.STRANGER, Prospect.HERE]
        assert "Acme" in str(found[0].why)
        found = prospects.of_members(by=OPERATOR, group=cast.analysts, typed=["dan@acme.example", "eve@else.example"])
        assert [row.prospect for row in found] == [Prospect.KNOWN, Prospect.REFUSED]

    def test_r043_a_file_is_a_directory_of_its_own(self, cast: Cast) -> None:
        """It declares its people: what was exported can be applied, and people whom it names are added."""
        close(cast)
        exported = reading.current(by=OPERATOR)
        bindings.revoke(by=OPERATOR, of=[cast.ben], on=cast.account)
        groups.remove_owner(by=OPERATOR, group=cast.analysts, user=cast.ben)
        state.apply(by=OPERATOR, state=exported)
        assert "edit" in holds(cast.ben, cast.account)

    def test_an_organization_of_another_source_takes_them(self, cast: Cast) -> None:
        close(cast)
        people.create_user(by=OPERATOR, email="zoe@else.example", name="Zoe")
        bolt = organizations.create(by=caller(cast.dan), name="Bolt")
        organization_roles.appoint(by=OPERATOR, organization=bolt, user=User.objects.get(name="Zoe").pk, role=OrganizationRole.USER_ADMIN)
        assert Organization.objects.get(pk=bolt).identity_source == "open"


def vouch(user: int, name: str) -> None:
    """Let a provider have vouched for somebody."""
    said = said_of(name)
    Identity.objects.create(issuer=said.issuer, subject=said.subject, user_id=user)


def page_of(link: Link, proven: str) -> str:
    """Return what somebody is shown whom a provider has just proven."""
    return invitation_page(by=nobody(), link=link, proven=proven).fingerprint
