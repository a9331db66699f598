"""Inviting people, handling what was sent, and answering it (semantics 6; R101 to R107, R109, R-INV-1 to 17)."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from pytest_django import Settings

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceRef
from keyholder.domain.invitations import InvitationState, Link, Way
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound, Refusals, TooMany
from keyholder.services import proofs
from keyholder.services.commands import (
    accepting,
    bindings,
    group_deletion,
    group_members,
    groups,
    invitations,
    inviting,
    nesting,
    organization_links,
    organization_roles,
    organizations,
    people,
    removal,
    resources,
    signing_in,
)
from keyholder.services.commands.accepting import Answer
from keyholder.services.commands.inviting import Sent, Wish
from keyholder.services.commands.resources import NewResource
from keyholder.services.invitation_links import opened, read
from keyholder.services.proofs import Purpose
from keyholder.services.queries.invitations import expiring, invitation
from keyholder.storage.models import (
    Binding,
    Event,
    Invitation,
    InvitationLink,
    Letter,
    Membership,
    Organization,
    PlannedBinding,
    PlannedMembership,
    Resource,
    Session,
    User,
)
from tests.cast import NOW, OPERATOR, Cast, caller, group, holds, resource
from tests.domain.test_addresses import REFUSED, SAME
from tests.services.happened import actions, chains_hold, last
from tests.services.holding import DAY, SECOND, ticked, until
from tests.services.inviting_people import (
    EVE,
    PASSWORD,
    READ,
    WEEK,
    accept,
    addresses,
    come,
    invite,
    link_of,
    mailed_link_of,
    nobody,
    person_of,
    random,
    row,
    seen,
    set_mail_up,
)
from tests.services.refusing import refused
from tests.sound import faults


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """Hash quickly: how slow a hash is, is decided elsewhere."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class TestInviting:
    def test_r101_an_address_is_invited_and_the_link_is_told_once(self, cast: Cast) -> None:
        before = last()
        sent = invite(cast)
        assert (sent.address, sent.outcome, sent.is_mailed) == (EVE, Sent.INVITED, False)
        assert read(sent.secret) == Link(sent.invitation, 1, Way.COPIED)
        assert actions(before) == ["invitation.sent"]
        assert (row(sent).account_id, row(sent).state) == (cast.account, "pending")

    def test_r102_with_a_mail_server_the_link_is_mailed_as_well_to_exactly_that_address(self, cast: Cast) -> None:
        set_mail_up()
        sent = invite(cast, "Eve@Else.Example", wish=Wish(["read_analyze"], message="Welcome", language="lv"))
        assert sent.is_mailed
        assert sent.secret
        letter = Letter.objects.get()
        assert (letter.recipient, letter.about, letter.generation, letter.language) == ("Eve@Else.Example", sent.invitation, 1, "lv")
        by = {"by": "Alice", "by_address": "alice@acme.example"}
        until = (NOW + timedelta(days=7)).isoformat()
        assert letter.details == {**by, "resource": "Shop", "type": "account", "message": "Welcome", "until": until}

    def test_several_at_once_get_the_same_and_each_its_own_link(self, cast: Cast) -> None:
        asked = [*addresses(3), "SOMEBODY0@else.example"]
        sent = inviting.invite(by=caller(cast.alice), at=cast.view, addresses=asked, random=[random() for _ in asked], wish=READ)
        assert [one.address for one in sent] == list(addresses(3))
        assert len({one.secret for one in sent}) == 3

    def test_a_second_invitation_to_the_same_address_adds_to_it_and_each_giver_is_remembered(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
        first = invite(cast, on=cast.account)
        second = invite(cast, "EVE@else.example", by=cast.ben, on=cast.property, wish=Wish(["edit"]))
        assert (second.invitation, second.outcome) == (first.invitation, Sent.ADDED_TO)
        planned = PlannedBinding.objects.order_by("pk").values_list("resource", "giver", "permissions")
        assert list(planned) == [(cast.account, cast.alice, "read_analyze"), (cast.property, cast.ben, "edit")]
        assert link_of(first) == link_of(second), "what was handed over already goes on"
        invite(cast, on=cast.account, wish=Wish(["edit"], message="More"))
        assert PlannedBinding.objects.get(resource=cast.account).permissions == "edit read_analyze"
        assert row(first).message == "More"
        assert chains_hold()

    def test_what_has_expired_begins_anew_when_the_address_is_invited_again(self, cast: Cast) -> None:
        first = invite(cast)
        again = invite(cast, at=NOW + WEEK)
        assert (again.invitation, again.outcome, row(again).sent_at) == (first.invitation, Sent.RENEWED, NOW + WEEK)
        with refused(Conflict, "replaced"):
            accepting.decline(by=nobody(NOW + WEEK), link=link_of(first))

    def test_r109_nothing_at_all_can_be_offered(self, cast: Cast) -> None:
        accepted = come(link_of(invite(cast, wish=Wish())))
        assert accepted.answer is Answer.ACCEPTED
        assert holds(person_of(accepted), cast.view) == set()

    def test_r107_who_is_invited_has_nothing_until_they_accept(self, cast: Cast) -> None:
        link = link_of(invite(cast, "dan@acme.example"))
        assert holds(cast.dan, cast.view) == set()
        accept(link, cast.dan)
        assert holds(cast.dan, cast.view) == {"read_analyze"}

    def test_r_enu_1_whether_there_is_a_person_is_not_told(self, cast: Cast) -> None:
        """Dan has a person here and nobody at Acme knows him; Eve has none."""
        before = last()
        told = [invite(cast, address) for address in ("dan@acme.example", "dun@acme.example")]
        assert len({(one.outcome, one.is_mailed, len(one.secret)) for one in told}) == 1
        events = Event.objects.filter(pk__gt=before).values("subject", "target_kind", "resource")
        assert events[0] == events[1]

    @pytest.mark.parametrize("who", ["ben", "cleo"])
    def test_who_may_not_grant_may_not_invite(self, cast: Cast, who: str) -> None:
        with refused(Forbidden, "lacks_permission"):
            invite(cast, by=getattr(cast, who))

    def test_who_sees_nothing_finds_nothing(self, cast: Cast) -> None:
        with refused(NotFound, "not_found"):
            invite(cast, by=cast.dan)

    def test_r_prv_1_a_group_is_offered_by_those_who_fill_it(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.account, permissions=["manage_users"])
        with refused(Forbidden, "not_owner"):
            invite(cast, by=cast.cleo, wish=Wish(groups=[cast.analysts]))
        foreign = organizations.create(by=caller(cast.alice), name="Bolt")
        bolts = organization_group(cast, foreign)
        with refused(Conflict, "foreign_group"):
            invite(cast, wish=Wish(groups=[bolts]))

    def test_where_only_what_is_held_is_granted_only_that_is_offered(self, cast: Cast) -> None:
        counter = resource(cast.alice, "resource", "m1", "Counter")
        stream = resource(cast.alice, "stream", "s1", "Stream", counter)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=stream, permissions=["manage"])
        with refused(NotFound, "not_found"):
            invite(cast, by=cast.dan, on=stream, wish=Wish(["view"]))
        assert invite(cast, by=cast.ben, on=stream, wish=Wish(["manage"])).outcome is Sent.INVITED

    @pytest.mark.parametrize(
        ("wish", "kind", "code"),
        [
            (Wish(["fly"]), Invalid, "permissions"),
            (Wish(role="king"), Invalid, "role"),
            (Wish(["edit"], window=until(NOW)), Invalid, "over"),
            (Wish(language="xx"), Invalid, "language"),
            (Wish(message="\u202e"), Invalid, "description"),
        ],
    )
    def test_what_can_be_given_nowhere_is_not_offered(self, cast: Cast, wish: Wish, kind: type[Invalid], code: str) -> None:
        with refused(kind, code):
            invite(cast, wish=wish)

    def test_r_eml_5_each_address_is_one_and_is_judged_by_itself(self, cast: Cast) -> None:
        """R-PRV-12: the whole is refused, and each says why; alone it is refused for the same reason."""
        wrong = ["a@else.example,b@else.example", "nobody", "eve@else.example", "Eve <eve@else.example>"]
        with pytest.raises(Refusals) as caught:
            inviting.invite(by=caller(cast.alice), at=cast.view, addresses=wrong, random=[random() for _ in wrong])
        assert [line.row for line in caught.value.rows] == [wrong[0], wrong[1], wrong[3]]
        for line in caught.value.rows:
            with refused(Invalid, line.refusal.code):
                invite(cast, line.row)
        assert not Invitation.objects.exists()

    @pytest.mark.parametrize("written", [pytest.param(written, id=f"same-{number}") for number, written in enumerate(SAME)])
    def test_r_eml_1_in_whatever_writing_it_is_one_invitation(self, cast: Cast, written: str) -> None:
        """R044: by the one canonical form; the address stays as it was typed."""
        first = invite(cast, SAME[written])
        again = invite(cast, written)
        assert (again.invitation, again.outcome) == (first.invitation, Sent.ADDED_TO)
        assert row(first).canonical == SAME[written]

    def test_r_eml_1_what_is_no_address_is_not_invited(self, cast: Cast) -> None:
        asked = list(REFUSED.values())
        with pytest.raises(Refusals) as caught:
            inviting.invite(by=caller(cast.alice), at=cast.view, addresses=asked, random=[random() for _ in asked])
        assert len(caught.value.rows) == len(asked)

    def test_r087_who_is_outside_the_policy_is_not_invited(self, cast: Cast) -> None:
        policy = Policy(PolicyMode.ENFORCED, allowed_domains=("acme.example",))
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
        with refused(Conflict, "policy", EVE, "Acme"):
            invite(cast)
        assert invite(cast, "eve@acme.example").outcome is Sent.INVITED

    def test_r043_an_organization_with_a_directory_takes_only_whom_it_knows(self, cast: Cast) -> None:
        Organization.objects.filter(pk=cast.acme).update(identity_source="directory")
        asked = [EVE, "ben@acme.example", "dan@acme.example"]
        with pytest.raises(Refusals) as caught:
            inviting.invite(by=caller(cast.alice), at=cast.view, addresses=asked, random=[random() for _ in asked])
        assert [(line.row, line.refusal.code) for line in caught.value.rows] == [(EVE, "directory"), ("dan@acme.example", "directory")]
        assert EVE in str(caught.value)

    def test_no_mail_and_no_copied_links_is_no_way(self, cast: Cast, settings: Settings) -> None:
        settings.COPIED_LINKS = False
        with refused(Conflict, "no_way"):
            invite(cast)
        set_mail_up()
        sent = invite(cast)
        assert (sent.secret, sent.is_mailed, InvitationLink.objects.count()) == ("", True, 0)

    def test_r_inv_17_there_is_an_end_to_what_one_sends_in_a_day(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        set_mail_up()
        monkeypatch.setitem(inviting.A_DAY, "inviter", 3)
        monkeypatch.setitem(inviting.A_DAY, "address", 2)
        sent = invite(cast)
        invite(cast)
        with pytest.raises(TooMany):
            invite(cast)
        asked = addresses(2)
        with pytest.raises(TooMany):
            inviting.invite(by=caller(cast.alice), at=cast.view, addresses=asked, random=[random() for _ in asked])
        invite(cast, "other@else.example")
        assert Letter.objects.count() == 3
        assert invitations.send_again(by=caller(cast.alice, NOW + DAY), invitation=sent.invitation, random=random()).is_mailed
        monkeypatch.setitem(inviting.A_DAY, "account", 3)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["manage_users"])
        with pytest.raises(TooMany):
            inviting.invite(by=caller(cast.ben), at=cast.view, addresses=addresses(3), random=[random() for _ in range(3)])

    @pytest.mark.parametrize("number", [0, inviting.AT_ONCE + 1])
    def test_r_inv_17_so_many_at_once_and_no_more(self, cast: Cast, number: int) -> None:
        with refused(Invalid, "addresses"):
            inviting.invite(by=caller(cast.alice), at=cast.view, addresses=addresses(number), random=[])


class TestAccepting:
    def test_somebody_new_by_a_copied_link_is_unproven(self, cast: Cast) -> None:
        """R-INV-4: the inviter vouches; the address counts as proven for nobody else."""
        before = last()
        eve = person_of(come(link_of(invite(cast, wish=Wish(["edit"], groups=[cast.interns], window=until(NOW + DAY))))))
        made = User.objects.get(pk=eve)
        assert (made.email, made.name, made.email_verified) == (EVE, "Eve", False)
        assert check_password(PASSWORD, made.password)
        assert ticked(eve, cast.view, until(NOW + DAY)) == ["edit"]
        assert Membership.objects.filter(member=eve, group=cast.interns, ends_at=NOW + DAY).exists()
        expected = ["invitation.sent", "user.created", "invitation.accepted", "access.granted", "group.member_added"]
        assert sorted(actions(before)) == sorted(expected)
        assert {row.actor for row in Event.objects.filter(pk__gt=before).exclude(action="invitation.sent")} == {eve}
        assert not Event.objects.filter(pk__gt=before, details__has_key="self").exists()
        assert signing_in.sign_in(by=nobody(), email=EVE, password=PASSWORD).user == eve
        assert faults() == []

    def test_somebody_new_by_the_mailed_link_is_proven(self, cast: Cast) -> None:
        set_mail_up()
        sent = invite(cast, wish=Wish(["read_analyze"], language="cs"))
        eve = person_of(come(mailed_link_of(sent)))
        assert User.objects.values_list("email_verified", "language").get(pk=eve) == (True, "cs")
        assert (row(sent).accepted_by_id, row(sent).accepted_way) == (eve, "mailed")

    def test_who_is_here_accepts_by_a_click(self, cast: Cast) -> None:
        User.objects.filter(pk=cast.dan).update(email_verified=True)
        accept(link_of(invite(cast, "dan@acme.example")), cast.dan)
        accept(mailed_link_of(invite(cast, "Dan@Acme.example", on=cast.account)), cast.dan)
        assert (ticked(cast.dan, cast.view), ticked(cast.dan, cast.account)) == (["read_analyze"], ["read_analyze"])

    def test_r105_somebody_else_is_told_so_and_nothing_is_used_up(self, cast: Cast) -> None:
        link = link_of(invite(cast, "dan@acme.example"))
        for act in (lambda: accept(link, cast.ben), lambda: accepting.decline(by=caller(cast.ben), link=link)):
            with refused(Conflict, "another_address", "dan@acme.example", "ben@acme.example"):
                act()
        assert accept(link, cast.dan).answer is Answer.ACCEPTED

    def test_who_has_a_person_signs_in_first(self, cast: Cast) -> None:
        """R-INV-6: an invitation makes nobody a person that another could claim, and claims nobody's."""
        User.objects.filter(pk=cast.dan).update(email_verified=True)
        sent = invite(cast, "dan@acme.example")
        for link in (link_of(sent), mailed_link_of(sent)):
            with refused(Conflict, "sign_in"):
                come(link)
        assert not User.objects.filter(canonical=EVE).exists()

    def test_the_first_proof_of_the_mailbox_takes_an_unproven_person_over(self, cast: Cast) -> None:
        """Whoever set the person up by a copied link is out: password and sessions are void (semantics 6)."""
        eve = person_of(come(link_of(invite(cast)), name="Mallory"))
        Session.objects.create(session_key="s" * 32, session_data="", expire_date=NOW + DAY, user=eve)
        old = User.objects.get(pk=eve).password
        link = mailed_link_of(invite(cast, on=cast.account))
        with refused(Conflict, "unproven"):
            accept(link, eve)
        before = last()
        assert person_of(come(link)) == eve
        made = User.objects.get(pk=eve)
        assert made.email_verified
        assert made.password != old
        assert not Session.objects.filter(user=eve).exists()
        assert "user.address_proven" in actions(before)
        assert faults() == []

    def test_by_a_copied_link_nobody_is_taken_over(self, cast: Cast) -> None:
        come(link_of(invite(cast)))
        with refused(Conflict, "sign_in"):
            come(link_of(invite(cast, on=cast.account)))

    def test_who_is_unproven_accepts_a_copied_link_by_a_click(self, cast: Cast) -> None:
        eve = person_of(come(link_of(invite(cast))))
        accept(link_of(invite(cast, on=cast.account)), eve)
        assert holds(eve, cast.account) == {"read_analyze"}

    def test_who_is_suspended_accepts_nothing(self, cast: Cast) -> None:
        eve = person_of(come(link_of(invite(cast))))
        people.suspend(by=OPERATOR, user=eve)
        sent = invite(cast, on=cast.account)
        with refused(Conflict, "sign_in"):
            come(mailed_link_of(sent))
        with refused(Forbidden, "suspended"):
            accepting.accept(by=caller(eve), link=link_of(sent), seen="")

    @pytest.mark.parametrize("password", ["short", "eve@else.example", "x" * 257])
    def test_r_pwd_2_a_bad_password_makes_nobody(self, cast: Cast, password: str) -> None:
        link = link_of(invite(cast))
        with refused(Invalid, "password"):
            accepting.accept_with_password(by=nobody(), link=link, seen=seen(link), name="Eve", password=password)
        assert row_of(link).state == "pending"

    def test_accepting_twice_is_a_success_for_the_same_person_and_nothing_for_others(self, cast: Cast) -> None:
        link = link_of(invite(cast, "dan@acme.example"))
        accept(link, cast.dan)
        before = last()
        assert accept(link, cast.dan).answer is Answer.BEFORE
        assert actions(before) == []
        with refused(Conflict, "used"):
            accept(link, cast.ben)
        with refused(Conflict, "used"):
            come(link)

    @pytest.mark.parametrize(("moment", "is_good"), [(WEEK - SECOND, True), (WEEK, False), (WEEK + DAY, False)])
    def test_r104_it_is_good_to_the_second(self, cast: Cast, moment: timedelta, *, is_good: bool) -> None:
        """R-INV-3: no job has to run for it."""
        link = link_of(invite(cast, "dan@acme.example"))
        if is_good:
            assert accept(link, cast.dan, NOW + moment).answer is Answer.ACCEPTED
            return
        with refused(Conflict, "expired"):
            accept(link, cast.dan, NOW + moment)
        with refused(Conflict, "expired"):
            come(link, NOW + moment)
        assert row_of(link).state == "pending"

    def test_r106_each_dead_end_has_its_own_words(self, cast: Cast, settings: Settings) -> None:
        said = set()
        for code in ("used", "replaced", "expired", "revoked", "declined", "off"):
            sent = invite(cast, f"{code}@else.example")
            link, at = link_of(sent), NOW
            if code == "used":
                come(link)
            elif code == "replaced":
                invitations.new_link(by=caller(cast.alice), invitation=sent.invitation, random=random())
            elif code == "expired":
                at = NOW + WEEK
            elif code == "revoked":
                invitations.revoke(by=caller(cast.alice), invitation=sent.invitation)
            elif code == "declined":
                accepting.decline(by=nobody(), link=link)
            else:
                settings.COPIED_LINKS = False
            with pytest.raises(Conflict) as caught:
                accepting.decline(by=nobody(at), link=link)
            assert caught.value.code == code
            said.add(str(caught.value.sentence))
        assert len(said) == 6

    def test_declining_is_final(self, cast: Cast) -> None:
        set_mail_up()
        sent = invite(cast, "dan@acme.example")
        accepting.decline(by=caller(cast.dan), link=link_of(sent))
        assert [letter.kind for letter in Letter.objects.filter(state="waiting")] == ["invitation_answered"]
        with refused(Conflict, "answered"):
            invitations.send_again(by=caller(cast.alice), invitation=sent.invitation, random=random())
        assert invite(cast, "dan@acme.example").invitation != sent.invitation

    def test_who_invited_is_told_the_answer(self, cast: Cast) -> None:
        set_mail_up()
        accept(link_of(invite(cast, "dan@acme.example")), cast.dan)
        told = Letter.objects.get(kind="invitation_answered")
        assert (told.recipient, told.details["answer"]) == ("alice@acme.example", "accepted")
        assert not Letter.objects.filter(kind="invitation", state="waiting").exists()

    @pytest.mark.parametrize("secret", ["", "c", "m1-1-", "\x00", "c" + "A" * 43, "m1-1-" + "A" * 43])
    def test_r_inv_7_what_is_no_secret_leads_nowhere(self, cast: Cast, secret: str) -> None:
        invite(cast)
        with refused(NotFound, "not_found"):
            opened(by=nobody(), secret=secret)

    def test_r_inv_8_a_secret_for_something_else_opens_no_invitation(self, cast: Cast) -> None:
        sent = invite(cast)
        assert read(proofs.mailed(Purpose.INVITATION, sent.invitation, 1)) == Link(sent.invitation, 1, Way.MAILED)
        for purpose, number, generation in ((Purpose.RESET, sent.invitation, 1), (Purpose.INVITATION, 999, 1), (Purpose.INVITATION, 1, 99)):
            assert read(proofs.mailed(purpose, number, generation)) is None
        with refused(NotFound, "not_found"):
            accepting.decline(by=nobody(), link=Link(999, 1, Way.MAILED))

    def test_r_inv_7_too_many_wrong_secrets_have_to_wait(self, cast: Cast) -> None:
        for _ in range(30):
            with refused(NotFound, "not_found"):
                opened(by=nobody(), secret="c")
        with pytest.raises(TooMany):
            opened(by=nobody(), secret="c")
        assert link_of(invite(cast)).way is Way.COPIED


class TestJudgedAgain:
    """R-INV-10: at acceptance each giver must still be there, and still be allowed to give each thing."""

    def test_a_giver_who_is_demoted_gives_nothing_and_another_takes_over(self, cast: Cast) -> None:
        set_mail_up()
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, "dan@acme.example", by=cast.ben)
        bindings.take(by=OPERATOR, of=[cast.ben], on=cast.account, permissions=["manage_users"])
        before = last()
        assert accept(link_of(sent), cast.dan).answer is Answer.AWAITING
        assert accept(link_of(sent), cast.dan).answer is Answer.AWAITING
        assert (holds(cast.dan, cast.view), row(sent).awaiting, actions(before)) == (set(), True, ["invitation.awaits"])
        assert [(letter.recipient, letter.details["answer"]) for letter in Letter.objects.filter(kind="invitation_answered")] == [
            ("alice@acme.example", "awaiting")
        ]
        with refused(NotFound, "not_found"):
            invitations.take_over(by=caller(cast.dan), invitation=sent.invitation)
        assert invitations.take_over(by=caller(cast.alice), invitation=sent.invitation) == 1
        assert not row(sent).awaiting
        assert accept(link_of(sent), cast.dan).answer is Answer.ACCEPTED
        assert holds(cast.dan, cast.view) == {"read_analyze"}
        assert {name for name, what in faults() if "mail_settings" not in what} == set()

    def test_where_no_manager_is_left_the_organizations_admins_are_asked_to_take_it_over(self, cast: Cast) -> None:
        """They manage what is linked to it; a letter to who may not is needed by nobody when its turn comes."""
        set_mail_up()
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, "dan@acme.example", by=cast.ben)
        Binding.objects.filter(principal__in=[cast.alice, cast.ben]).delete()
        Resource.objects.filter(pk=cast.account).update(awaiting_manager=True)
        assert accept(link_of(sent), cast.dan).answer is Answer.AWAITING
        assert Letter.objects.get(kind="invitation_answered").recipient == "alice@acme.example"
        assert invitations.take_over(by=caller(cast.alice), invitation=sent.invitation) == 1

    @pytest.mark.parametrize("how", ["everywhere", "within"])
    def test_a_suspended_giver_gives_nothing(self, cast: Cast, how: str) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        link = link_of(invite(cast, by=cast.ben))
        if how == "everywhere":
            people.suspend(by=OPERATOR, user=cast.ben)
        else:
            organization_roles.suspend_person(by=OPERATOR, organization=cast.acme, user=cast.ben)
        assert come(link).answer is Answer.AWAITING
        assert not User.objects.filter(canonical=EVE).exists()

    def test_what_others_give_is_given_all_the_same(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, by=cast.ben, wish=Wish(["edit"]))
        invite(cast, on=cast.property)
        bindings.take(by=OPERATOR, of=[cast.ben], on=cast.account, permissions=["manage_users"])
        eve = person_of(come(link_of(sent)))
        assert (ticked(eve, cast.view), ticked(eve, cast.property)) == ([], ["read_analyze"])

    def test_r_inv_9_what_has_changed_since_it_was_shown_is_shown_anew(self, cast: Cast) -> None:
        link = link_of(invite(cast, "dan@acme.example"))
        shown = seen(link, cast.dan)
        invite(cast, "dan@acme.example", on=cast.property, wish=Wish(["edit"]))
        with refused(Conflict, "changed"):
            accepting.accept(by=caller(cast.dan), link=link, seen=shown)
        assert accept(link, cast.dan).answer is Answer.ACCEPTED
        assert holds(cast.dan, cast.property) == {"edit", "collaborate", "read_analyze"}

    def test_a_group_that_gives_more_by_now_waits_for_somebody_to_look(self, cast: Cast) -> None:
        sent = invite(cast, wish=Wish(groups=[cast.interns]))
        bindings.grant(by=caller(cast.alice), to=[cast.analysts], on=cast.account, permissions=["edit"])
        assert come(link_of(sent)).answer is Answer.AWAITING
        assert invitations.take_over(by=caller(cast.alice), invitation=sent.invitation) == 1
        assert come(link_of(sent)).answer is Answer.ACCEPTED

    def test_a_group_that_gives_less_gives_what_is_left(self, cast: Cast) -> None:
        sent = invite(cast, wish=Wish(groups=[cast.interns]))
        nesting.unnest(by=OPERATOR, group=cast.interns, out_of=cast.analysts)
        assert come(link_of(sent)).answer is Answer.ACCEPTED

    def test_a_group_that_is_gone_or_elsewhere_gives_nothing(self, cast: Cast) -> None:
        sent = invite(cast, wish=Wish(groups=[cast.interns]))
        group_deletion.delete(by=OPERATOR, group=cast.interns)
        assert come(link_of(sent)).answer is Answer.AWAITING
        with refused(Conflict, "nothing_to_take"):
            invitations.take_over(by=caller(cast.alice), invitation=sent.invitation)
        assert faults() == []

    def test_who_does_not_fill_the_group_any_more_does_not_give_it(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, by=cast.ben, wish=Wish(groups=[cast.analysts]))
        people.suspend(by=OPERATOR, user=cast.ben)
        assert come(link_of(sent)).answer is Answer.AWAITING
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.account, permissions=["manage_users"])
        with refused(Conflict, "nothing_to_take"):
            invitations.take_over(by=caller(cast.cleo), invitation=sent.invitation)

    def test_an_account_that_left_the_organization_takes_its_groups_along_no_more(self, cast: Cast) -> None:
        sent = invite(cast, wish=Wish(["read_analyze"], groups=[cast.interns]))
        organization_links.unlink_account(by=OPERATOR, account=cast.account)
        eve = person_of(come(link_of(sent)))
        assert ticked(eve, cast.view) == ["read_analyze"]
        assert not Membership.objects.filter(member=eve).exists()

    def test_what_is_in_the_trash_or_over_or_elsewhere_is_not_given(self, cast: Cast) -> None:
        sent = invite(cast, wish=Wish(["read_analyze"], window=until(NOW + DAY)))
        assert come(link_of(sent), NOW + DAY).answer is Answer.AWAITING
        invite(cast, on=cast.property)
        Resource.objects.filter(pk=cast.property).update(trashed_at=NOW)
        assert come(link_of(sent), NOW + DAY).answer is Answer.AWAITING
        Resource.objects.filter(pk=cast.property).update(trashed_at=None)
        corner = resource(cast.alice, "account", "200", "Corner")
        Resource.objects.filter(pk=cast.property).update(path=f"/{corner}/{cast.property}/")
        assert come(link_of(sent), NOW + DAY).answer is Answer.AWAITING
        with refused(Conflict, "nothing_to_take"):
            invitations.take_over(by=caller(cast.alice, NOW + DAY), invitation=sent.invitation)

    @pytest.mark.parametrize("with_permissions", [True, False])
    def test_the_policy_is_asked_again(self, cast: Cast, *, with_permissions: bool) -> None:
        """R-EML-6: a copied link proves nothing, so it does not do where only proven addresses are taken."""
        set_mail_up()
        sent = invite(cast, "eve@acme.example", wish=READ if with_permissions else Wish())
        policy = Policy(PolicyMode.ENFORCED, allowed_domains=("acme.example",), verified_only=True)
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
        if with_permissions:
            assert come(link_of(sent)).answer is Answer.AWAITING
        else:
            with refused(Conflict, "policy"):
                come(link_of(sent))
        assert come(mailed_link_of(sent)).answer is Answer.ACCEPTED

    def test_a_role_that_is_held_stays_whole(self, cast: Cast) -> None:
        counter = resource(cast.alice, "resource", "m1", "Counter")
        bindings.grant(by=OPERATOR, to=[cast.dan], on=counter, role="administrator")
        sent = invite(cast, "dan@acme.example", on=counter, wish=Wish(role="owner"))
        assert accept(link_of(sent), cast.dan).answer is Answer.ACCEPTED
        assert ticked(cast.dan, counter) == ["owner"]

    def test_a_pixel_comes_with_the_role_that_it_needs(self, cast: Cast) -> None:
        host = resource(None, "host", "h1", "Agency")
        new = NewResource(ResourceRef("host_account", "7"), "Client", host)
        client = resources.create(by=OPERATOR, new=new, administrator=cast.ben)
        pixel = resource(cast.ben, "pixel", "p1", "Pixel", client)
        sent = invite(cast, by=cast.ben, on=pixel, wish=Wish(["edit_pixel"]))
        assert row(sent).account_id == client
        assert come(link_of(sent)).answer is Answer.AWAITING
        invite(cast, by=cast.ben, on=client, wish=Wish(role="standard"))
        eve = person_of(come(link_of(sent)))
        assert ticked(eve, pixel) == ["edit_pixel"]
        sent = invite(cast, by=cast.ben, on=pixel, wish=Wish(["edit_pixel"], window=until(NOW + DAY)))
        assert accept(link_of(sent), eve).answer is Answer.ACCEPTED
        at_host = invite(cast, on=cast.account)
        assert row(at_host).account_id == cast.account

    def test_above_the_accounts_the_host_is_invited_to(self, cast: Cast) -> None:
        host = resource(None, "host", "h1", "Agency")
        (sent,) = inviting.invite(by=OPERATOR, at=host, addresses=[EVE], random=[random()], wish=Wish(role="administrator"))
        assert row(sent).account_id == host
        eve = person_of(come(link_of(sent)))
        assert ticked(eve, host) == ["administrator"]


class TestHandling:
    def test_r103_a_new_link_replaces_every_older_one(self, cast: Cast) -> None:
        set_mail_up()
        sent = invite(cast)
        old = [link_of(sent), mailed_link_of(sent)]
        made = invitations.new_link(by=caller(cast.alice), invitation=sent.invitation, random=random())
        assert (made.address, made.is_mailed) == (EVE, False)
        assert not Letter.objects.filter(state="waiting").exists(), "a letter with a dead link is of no use"
        for link in old:
            with refused(Conflict, "replaced"):
                come(link)
        assert come(opened(by=nobody(), secret=made.secret)).answer is Answer.ACCEPTED

    def test_r104_sending_again_begins_all_the_days_anew(self, cast: Cast) -> None:
        set_mail_up()
        sent = invite(cast)
        later = NOW + WEEK + DAY
        again = invitations.send_again(by=caller(cast.alice, later), invitation=sent.invitation, random=random())
        assert (again.is_mailed, Letter.objects.get(state="waiting").generation) == (True, 2)
        assert come(opened(by=nobody(), secret=again.secret), later + WEEK - SECOND).answer is Answer.ACCEPTED

    def test_without_any_way_nothing_is_sent_again(self, cast: Cast, settings: Settings) -> None:
        sent = invite(cast)
        settings.COPIED_LINKS = False
        with refused(Conflict, "no_way"):
            invitations.send_again(by=caller(cast.alice), invitation=sent.invitation, random=random())
        with refused(Conflict, "no_copies"):
            invitations.new_link(by=caller(cast.alice), invitation=sent.invitation, random=random())
        assert row(sent).generation == 1

    @pytest.mark.parametrize("state", ["accepted", "declined", "revoked"])
    def test_r_inv_11_what_is_answered_stays_so(self, cast: Cast, state: str) -> None:
        sent = invite(cast)
        if state == "accepted":
            come(link_of(sent))
        elif state == "declined":
            accepting.decline(by=nobody(), link=link_of(sent))
        else:
            invitations.revoke(by=caller(cast.alice), invitation=sent.invitation)
        for act in (
            lambda: invitations.revoke(by=caller(cast.alice), invitation=sent.invitation),
            lambda: invitations.new_link(by=caller(cast.alice), invitation=sent.invitation, random=random()),
            lambda: invitations.take_over(by=caller(cast.alice), invitation=sent.invitation),
        ):
            with refused(Conflict, "answered", state):
                act()

    def test_r_inv_13_who_may_handle_it(self, cast: Cast) -> None:
        """Who grants at the account, or at every place that it is about; to others it is not there."""
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
        sent = invite(cast, on=cast.view)
        assert invitations.new_link(by=caller(cast.ben), invitation=sent.invitation, random=random()).secret
        invite(cast, on=cast.account)
        with refused(Forbidden, "lacks_permission", "Shop"):
            invitations.revoke(by=caller(cast.ben), invitation=sent.invitation)
        for stranger, number in ((cast.dan, sent.invitation), (cast.cleo, sent.invitation), (cast.alice, 999)):
            with refused(NotFound, "not_found"):
                invitations.revoke(by=caller(stranger), invitation=number)
        with refused(Forbidden, "not_signed_in"):
            invitations.revoke(by=nobody(), invitation=sent.invitation)
        invitations.revoke(by=OPERATOR, invitation=sent.invitation)

    def test_nothing_to_take_over_is_said(self, cast: Cast) -> None:
        sent = invite(cast)
        with refused(Conflict, "nothing_to_take"):
            invitations.take_over(by=caller(cast.alice), invitation=sent.invitation)

    def test_what_somebody_gives_already_is_united_with_what_they_take_over(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, by=cast.ben, wish=Wish(["edit"]))
        invite(cast)
        people.suspend(by=OPERATOR, user=cast.ben)
        assert invitations.take_over(by=caller(cast.alice), invitation=sent.invitation) == 1
        assert PlannedBinding.objects.values_list("giver", "permissions").get() == (cast.alice, "edit read_analyze")


class TestPlans:
    def test_what_is_offered_twice_is_offered_once(self, cast: Cast) -> None:
        """A role takes the place of what the same giver offered there; permissions are united, a group stays one."""
        counter = resource(cast.alice, "resource", "m1", "Counter")
        invite(cast, on=counter, wish=Wish(role="administrator"))
        sent = invite(cast, on=counter, wish=Wish(role="owner"))
        assert PlannedBinding.objects.values_list("role", "permissions").get(invitation=sent.invitation) == ("owner", "")
        for _ in range(2):
            invite(cast, wish=Wish(groups=[cast.interns]))
        assert PlannedMembership.objects.count() == 1

    def test_what_the_blueprint_does_not_know_any_more_is_not_given(self, cast: Cast) -> None:
        sent = invite(cast)
        PlannedBinding.objects.update(permissions="fly")
        assert come(link_of(sent)).answer is Answer.AWAITING
        with refused(Conflict, "nothing_to_take"):
            invitations.take_over(by=caller(cast.alice), invitation=sent.invitation)

    def test_r_inv_10_a_role_that_has_grown_since_waits_for_somebody_to_look(self, cast: Cast) -> None:
        counter = resource(cast.alice, "resource", "m1", "Counter")
        sent = invite(cast, on=counter, wish=Wish(role="administrator"))
        PlannedBinding.objects.update(mask=1)
        assert come(link_of(sent)).answer is Answer.AWAITING
        assert invitations.take_over(by=caller(cast.alice), invitation=sent.invitation) == 1
        assert come(link_of(sent)).answer is Answer.ACCEPTED

    def test_a_role_that_somebody_holds_there_is_not_mixed_with_permissions(self, cast: Cast) -> None:
        counter = resource(cast.alice, "resource", "m1", "Counter")
        bindings.grant(by=OPERATOR, to=[cast.dan], on=counter, role="administrator")
        Binding.objects.filter(principal=cast.dan).update(mask=1)
        sent = invite(cast, "dan@acme.example", on=counter, wish=Wish(["manage"]))
        assert accept(link_of(sent), cast.dan).answer is Answer.AWAITING


class TestExpiringSoon:
    def test_who_manages_the_account_is_reminded(self, cast: Cast) -> None:
        """The first to end in front; and what somebody wants to accept and nobody can give."""
        invite(cast, "soon@else.example", at=NOW - WEEK + DAY)
        invite(cast, "over@else.example", at=NOW - WEEK)
        invite(cast, "later@else.example")
        for who, expected in ((cast.alice, ["soon@else.example"]), (cast.ben, []), (cast.dan, [])):
            assert [one.address for one in expiring(by=caller(who), most=3)] == expected
        assert expiring(by=OPERATOR, most=3) == ()
        Invitation.objects.filter(canonical="later@else.example").update(awaiting=True)
        assert [one.address for one in expiring(by=caller(cast.alice), most=3)] == ["soon@else.example", "later@else.example"]
        with refused(NotFound, "not_found"):
            invitation(by=caller(cast.alice), of=999)


class TestRemoval:
    def test_r052_who_is_removed_is_not_invited_any_more(self, cast: Cast) -> None:
        """R-INV-12, I-INV-5: nor is whom only they invited; what others give as well stays."""
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        own, alone = invite(cast, "ben@acme.example"), invite(cast, by=cast.ben)
        both = invite(cast, "fay@else.example", by=cast.ben)
        invite(cast, "fay@else.example", on=cast.account)
        others = invite(cast, "gus@else.example")
        removal.remove(by=caller(cast.alice), who=[cast.ben], at=cast.account)
        states = [row(one).state for one in (own, alone, both, others)]
        assert states == ["revoked", "revoked", "pending", "pending"]
        assert faults() == []

    @pytest.mark.parametrize("at_once", [True, False])
    def test_i_inv_5_what_the_last_of_several_inviters_leaves_is_revoked_with_them(self, cast: Cast, at_once: bool) -> None:  # noqa: FBT001 - both ways
        """I-INV-5, R-INV-12: of an invitation by Ben and Cleo nothing is left when both are removed, together or one after the other."""
        bindings.grant(by=OPERATOR, to=[cast.ben, cast.cleo], on=cast.account, permissions=["manage_users"])
        group_members.remove(by=OPERATOR, group=cast.analysts, members=[cast.cleo])
        groups.remove_owner(by=OPERATOR, group=cast.analysts, user=cast.ben)
        sent = invite(cast, by=cast.ben)
        invite(cast, by=cast.cleo, on=cast.property)
        if at_once:
            removal.remove(by=caller(cast.alice), who=[cast.ben, cast.cleo], at=cast.account)
        else:
            removal.remove(by=caller(cast.alice), who=[cast.ben], at=cast.account)
            assert row(sent).state == InvitationState.PENDING.value
            removal.remove(by=caller(cast.alice), who=[cast.cleo], at=cast.account)
        assert row(sent).state == InvitationState.REVOKED.value
        assert faults() == []

    def test_a_giver_who_is_only_demoted_leaves_it_to_be_taken_over(self, cast: Cast) -> None:
        """Of Ben and Cleo, Cleo goes and Ben loses the right: somebody else can still give in his place."""
        bindings.grant(by=OPERATOR, to=[cast.ben, cast.cleo], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, by=cast.ben)
        invite(cast, by=cast.cleo)
        bindings.take(by=OPERATOR, of=[cast.ben], on=cast.account, permissions=["manage_users"])
        removal.remove(by=caller(cast.alice), who=[cast.cleo], at=cast.account)
        assert row(sent).state == InvitationState.PENDING.value
        assert invitations.take_over(by=caller(cast.alice), invitation=sent.invitation)

    def test_who_still_may_in_another_way_still_invites(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben, cast.analysts], on=cast.account, permissions=["manage_users"])
        group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.ben])
        sent = invite(cast, by=cast.ben)
        removal.remove(by=caller(cast.alice), who=[cast.ben], at=cast.account)
        assert row(sent).state == InvitationState.PENDING.value


def row_of(link: Link) -> Invitation:
    return Invitation.objects.get(pk=link.invitation)


def organization_group(cast: Cast, organization: OrganizationId) -> PrincipalId:
    return group(cast.alice, organization, "Bolts")
