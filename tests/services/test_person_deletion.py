"""Deleting a person: everything that was theirs goes, the number stays taken, the address is free, the log keeps the name (semantics 2)."""

import pytest
from django.apps import apps
from django.db import models

from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.domain.letters import LetterKind, LetterState
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, NotFound
from keyholder.services.commands import (
    address_changes,
    bindings,
    group_members,
    groups,
    identities,
    organization_notes,
    organization_roles,
    people,
    person_deletion,
    requests,
    resets,
)
from keyholder.services.offers import offers_of
from keyholder.services.queries import person_deletion as previews
from keyholder.storage import blueprints
from keyholder.storage.models import (
    AccessRequest,
    AppliedAsset,
    Asset,
    Authenticator,
    Binding,
    Event,
    Invitation,
    Letter,
    OrganizationMember,
    Passkey,
    PlannedBinding,
    Principal,
    ProviderSignIn,
    User,
)
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person, resource
from tests.every_command import provider_added, said_of
from tests.services import mailing
from tests.services.assets_made import made, sees
from tests.services.happened import actions, chains_hold, last
from tests.services.inviting_people import READ, accept, invite, link_of, random, row, seen
from tests.services.refusing import refused, refused_rows_named
from tests.services.sessions import is_open, session_of
from tests.sound import faults

STAY = {"principal", "invitation", "planned_binding", "planned_membership"}
"""Tables whose rows may name somebody who was deleted: the tombstone, and who gave or accepted what others still have."""


def delete(user: PrincipalId, *, by: PrincipalId | None = None, reason: str = "") -> None:
    person_deletion.delete(by=caller(by), user=user, reason=reason)


def left(user: PrincipalId) -> set[str]:
    """Return the tables in which anything still refers to a person."""
    found = set[str]()
    for model in apps.get_app_config("storage").get_models():
        for field in model._meta.concrete_fields:
            leads = isinstance(field, models.ForeignKey) and field.related_model in {User, Principal}
            if (leads or (field.name, model._meta.db_table) in {("user", "session"), ("linking", "provider_sign_in")}) and (
                model._default_manager.filter(**{field.name: user}).exists()
            ):
                found.add(model._meta.db_table)
    return found


@pytest.fixture
def settled(cast: Cast) -> Cast:
    """Give Cleo something of everything that somebody can have; mail works."""
    mailing.begin()
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=["edit"])
    groups.add_owner(by=OPERATOR, group=cast.interns, user=cast.cleo)
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.cleo, role=OrganizationRole.USER_ADMIN)
    organization_notes.add(by=OPERATOR, organization=cast.acme, user=cast.cleo, text="Leaves in May")
    provider_added()
    identities.link(by=caller(cast.cleo), said=said_of("cleo"))
    made(cast.cleo, "segment", cast.view)
    market = resource(cast.alice, "account", "200", "Market")
    requests.ask(by=caller(cast.cleo), at=ResourceRef("account", "200"), permissions=["edit"])
    invite(cast, "cleo@acme.example", on=market)
    address_changes.ask(by=caller(cast.cleo), email="cleo@else.example")
    resets.copy_link(by=OPERATOR, user=cast.cleo, random=random())
    Authenticator.objects.create(user_id=cast.cleo, name="Telephone", secret="x", added_at=NOW)
    Passkey.objects.create(user_id=cast.cleo, name="Laptop", credential="x", key="x", added_at=NOW)
    ProviderSignIn.objects.create(
        state="x", nonce="x", browser="x", verifier="x", provider="x", issuer="x", linking=cast.cleo, expires_at=NOW
    )
    session_of(cast.cleo)
    return cast


class TestGone:
    def test_r_prv_6_i_gr_4_nothing_refers_to_her_any_more(self, settled: Cast) -> None:
        """R-SES-2, I-GR-4: rights, roles, sessions, factors, links, requests, invitations, notes and personal work."""
        assert len(left(settled.cleo)) > 14
        before = last()
        delete(settled.cleo, reason="Left in May")
        assert left(settled.cleo) <= STAY
        assert (holds(settled.cleo, settled.view), Invitation.objects.get().state) == (set(), "revoked")
        assert not Letter.objects.filter(recipient__startswith="cleo", state=LetterState.WAITING.value).exists()
        told = actions(before)
        assert (told.count("access.removed"), told.count("group.owner_removed"), told.count("request.closed")) == (1, 1, 1)
        assert {"organization.role_taken", "organization.person_removed", "asset.personal_deleted", "invitation.revoked"} <= set(told)
        assert faults() == []

    def test_i_gr_5_r_prv_8_the_address_is_free_and_opens_nothing(self, settled: Cast) -> None:
        """I-GR-5: the number stays taken; somebody new of the same address has nothing of hers."""
        made(settled.ben, "goal", settled.view, name="Paid")
        delete(settled.cleo)
        again = person("Cleo")
        assert Principal.objects.get(pk=settled.cleo).deleted_at == NOW
        assert (again != settled.cleo, holds(again, settled.view), left(again)) == (True, set(), {"user"})
        with refused(NotFound, "not_found"):
            bindings.grant(by=OPERATOR, to=[settled.cleo], on=settled.view, permissions=["edit"])
        assert faults() == []

    def test_the_log_keeps_the_name_in_every_tenant_it_touches(self, settled: Cast) -> None:
        people.appoint_operator(by=OPERATOR, user=settled.alice)
        delete(settled.cleo, by=settled.alice, reason="Left in May")
        told = Event.objects.filter(action="user.deleted")
        assert {(event.actor_name, event.details["subject"], event.reason) for event in told} == {("Alice", "Cleo", "Left in May")}
        assert told.count() == 3, "the instance, Acme, and Market, where she only asked"
        assert chains_hold()

    def test_r039_what_she_shared_stays_and_what_was_applied_of_hers_goes(self, cast: Cast) -> None:
        """R039: shared assets outlive their maker."""
        made(cast.ben, "goal", cast.view, name="Paid")
        delete(cast.ben)
        assert sees(cast.alice, "goal", cast.view) == ["Paid"]
        assert (Asset.objects.count(), AppliedAsset.objects.count()) == (1, 0)

    def test_somebody_suspended_can_be_deleted(self, cast: Cast) -> None:
        organization_roles.suspend_person(by=OPERATOR, organization=cast.acme, user=cast.ben)
        people.suspend(by=OPERATOR, user=cast.ben)
        people.appoint_operator(by=OPERATOR, user=cast.alice)
        delete(cast.ben, by=cast.alice)
        assert left(cast.ben) == set()
        assert faults() == []

    def test_a_request_by_her_address_goes_and_somebody_elses_of_an_earlier_address_stays(self, cast: Cast) -> None:
        for who in (cast.cleo, None):
            AccessRequest.objects.create(
                resource_id=cast.view,
                canonical="dan@acme.example",
                shown="dan@acme.example",
                person_id=who,
                asked_at=NOW,
                state="withdrawn",
                decided_at=NOW,
            )
        person_deletion.delete(by=OPERATOR, user=cast.dan)
        assert list(AccessRequest.objects.values_list("person", flat=True)) == [cast.cleo]

    def test_a_session_of_hers_is_over(self, cast: Cast) -> None:
        session = session_of(cast.cleo)
        delete(cast.cleo)
        assert not is_open(session)
        with refused(Forbidden, "suspended"):
            people.rename_user(by=caller(cast.cleo), user=cast.cleo, name="Ghost")


class TestInvitations:
    """Her part in what she sent ends; others take it over."""

    def test_what_somebody_else_also_gives_stays_pending(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, by=cast.ben)
        invite(cast, by=cast.alice, on=cast.property)
        alone = invite(cast, "fay@else.example", by=cast.ben)
        delete(cast.ben)
        assert (row(sent).state, row(alone).state) == ("pending", "revoked")
        eve = person("Eve", "eve@else.example")
        accept(link_of(sent), eve)
        assert list(Binding.objects.filter(principal=eve).values_list("resource", flat=True)) == [cast.property]
        assert faults() == []

    def test_what_she_can_not_give_any_more_is_named_as_somebodys_who_is_gone(self, cast: Cast) -> None:
        """The sentence has a subject, though nobody of that name is left."""
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, by=cast.ben)
        invite(cast, by=cast.alice, on=cast.property, wish=READ)
        delete(cast.ben)
        judged = offers_of(blueprints.catalogue(), row(sent), NOW, person=None, verified=True)
        assert [str(offer.why) for offer in judged.every if offer.why] == ["Somebody who is gone may not give this any more."]
        assert seen(link_of(sent))
        assert PlannedBinding.objects.filter(giver=cast.ben).exists()


class TestRefused:
    def test_only_an_operator_and_nobody_their_own(self, cast: Cast) -> None:
        people.appoint_operator(by=OPERATOR, user=cast.alice)
        for who, whom, kind, code in (
            (cast.ben, cast.cleo, Forbidden, "not_operator"),
            (cast.alice, cast.alice, Conflict, "own_person"),
            (cast.alice, cast.analysts, NotFound, "not_found"),
        ):
            with refused(kind, code):
                delete(whom, by=who)
        assert User.objects.count() == 4

    def test_r056_i_mg_2_the_last_manager_admin_and_operator_stay(self, cast: Cast) -> None:
        """R055, I-MG-1, I-MG-2: all of it at once, each named; the preview says the same."""
        people.appoint_operator(by=OPERATOR, user=cast.alice)
        shown = previews.preview(by=OPERATOR, user=cast.alice)
        assert {refusal.code for refusal in shown.refusals} == {"last_manager", "last_admin", "last_operator"}
        with refused_rows_named({str(refusal): refusal.code for refusal in shown.refusals}):
            delete(cast.alice)
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.account, permissions=["manage_users"])
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.dan, role=OrganizationRole.ADMIN)
        assert previews.preview(by=OPERATOR, user=cast.alice).refusals == ()
        delete(cast.alice, by=cast.dan)
        assert list(OrganizationMember.objects.values_list("user", flat=True)) == [cast.dan]

    def test_r056_who_manages_through_a_group_is_the_last_one_too(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=cast.account, permissions=["manage_users"])
        bindings.revoke(by=OPERATOR, of=[cast.alice], on=cast.account)
        assert [refusal.code for refusal in previews.preview(by=OPERATOR, user=cast.cleo).refusals] == ["last_manager"]
        with refused(Conflict, "last_manager", "Shop"):
            delete(cast.cleo)
        group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.ben])
        delete(cast.cleo)

    def test_who_counted_for_nothing_is_nobodys_last(self, cast: Cast) -> None:
        """Ben is an admin who is suspended within Acme: without him it is led as before."""
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.ADMIN)
        organization_roles.suspend_person(by=OPERATOR, organization=cast.acme, user=cast.ben)
        delete(cast.ben)


class TestPreview:
    def test_it_says_what_goes(self, settled: Cast) -> None:
        invite(settled, by=settled.alice)
        shown = previews.preview(by=OPERATOR, user=settled.cleo)
        names = ([one.name for one in group] for group in (shown.accounts, shown.groups, shown.owned, shown.organizations))
        assert list(names) == [["Shop"], ["Analysts"], ["Interns"], ["Acme"]]
        assert (shown.requests, shown.invited, shown.sent, shown.assets, shown.refusals) == (1, 1, 0, 1, ())
        assert previews.preview(by=OPERATOR, user=settled.alice).sent == 2
        for who, whom, kind in ((settled.ben, settled.cleo, Forbidden), (None, settled.analysts, NotFound)):
            with pytest.raises(kind):
                previews.preview(by=caller(who), user=whom)


def test_a_letter_that_was_given_up_is_taken_back(cast: Cast) -> None:
    mailing.begin()
    resets_letters = [LetterKind.PASSWORD_CHANGED.value, LetterKind.TEST.value]
    for kind in resets_letters:
        Letter.objects.create(
            kind=kind, recipient="cleo@acme.example", posted_at=NOW, due_at=NOW, settled_at=NOW, state="dead", error="refused: no"
        )
    delete(cast.cleo)
    assert set(Letter.objects.values_list("state", flat=True)) == {"withdrawn"}
