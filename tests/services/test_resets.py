"""Choosing a new password by a link: for one's own mailbox, or made by who manages everything the person has (R112, R-PWD-1)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.letters import LetterKind
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound, TooMany
from keyholder.services import proofs, reset_links
from keyholder.services.caller import Caller
from keyholder.services.commands import (
    address_changes,
    bindings,
    group_members,
    groups,
    organization_roles,
    people,
    removal,
    resets,
    signing_in,
)
from keyholder.services.queries import resets as queries
from keyholder.services.reset_links import Ticket
from keyholder.storage.models import AddressChange, Event, Letter, PasswordReset, Session, User
from tests.cast import NOW, OPERATOR, Cast, caller, resource
from tests.services import mailing
from tests.services.refusing import refused

OLD, NEW = "seven quiet herons wait", "nine loud ravens leave"
DOOR = Caller(None, NOW, Channel.CONSOLE, address="192.0.2.1")
"""Nobody yet, at the console."""
RANDOM = bytes(range(32))


@pytest.fixture
def mail(cast: Cast, settings: Any) -> Cast:
    """Let the instance mail, and Ben have a password; how slowly it is hashed is decided elsewhere."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    mailing.begin()
    people.set_password(by=OPERATOR, user=cast.ben, password=OLD)
    Letter.objects.all().delete()
    return cast


def ticket(secret: str) -> Ticket:
    """Read a secret that must be one."""
    found = reset_links.read(secret)
    assert found is not None
    return found


def mailed() -> Ticket:
    """Return what the only letter with a reset link leads to."""
    (letter,) = mailing.letters(LetterKind.PASSWORD_RESET)
    return ticket(mailing.secret(letter))


def copied(by: PrincipalId | None, user: PrincipalId, random: bytes = RANDOM) -> Ticket:
    """Have somebody make a link to hand over."""
    return ticket(resets.copy_link(by=caller(by), user=user, random=random))


def use(link: Ticket, at: Any = NOW, password: str = NEW) -> PrincipalId:
    return resets.use(by=replace(DOOR, at=at), ticket=link, password=password)


def actions(user: PrincipalId) -> list[str]:
    return list(Event.objects.filter(subject=user, action__startswith="user.").order_by("pk").values_list("action", flat=True))


class TestByMail:
    def test_ben_chooses_a_new_password_by_the_letter_he_asked_for(self, mail: Cast) -> None:
        """R-PWD-1, R-EML-4: in any spelling; the letter goes to the stored address; a mailed link proves the address as well."""
        resets.mail_asked(by=DOOR, email=" BEN@acme.example")
        (letter,) = mailing.letters(LetterKind.PASSWORD_RESET)
        assert (letter.recipient, letter.details) == ("ben@acme.example", {"until": (NOW + timedelta(hours=24)).isoformat()})
        assert use(mailed()) == mail.ben
        row = User.objects.get(pk=mail.ben)
        assert (check_password(NEW, row.password), row.email_verified) == (True, True)
        assert actions(mail.ben)[-3:] == ["user.reset_mailed", "user.password_reset", "user.address_proven"]
        (notice,) = mailing.letters(LetterKind.PASSWORD_CHANGED)
        assert (notice.recipient, notice.details["what"]) == ("ben@acme.example", "changed")

    @pytest.mark.parametrize("address", ["eve@acme.example", "cleo@acme.example"])
    def test_r_enu_1_nothing_is_mailed_to_nobody_or_the_suspended_and_nothing_is_said(self, mail: Cast, address: str) -> None:
        User.objects.filter(pk=mail.cleo).update(status="suspended")
        before = Event.objects.count()
        resets.ask(by=DOOR, email=address)
        resets.mail_asked(by=DOOR, email=address)
        assert (Letter.objects.count(), PasswordReset.objects.count(), Event.objects.count()) == (0, 0, before)

    def test_without_a_mail_server_nothing_is_mailed(self, cast: Cast) -> None:
        resets.mail_asked(by=DOOR, email="ben@acme.example")
        assert not PasswordReset.objects.exists()
        with refused(Conflict, "not_mailing"):
            resets.mail_link(by=caller(cast.alice), user=cast.ben)

    def test_r_rat_1_asking_is_limited_by_any_spelling_and_signing_in_is_not(self, mail: Cast, settings: Any) -> None:
        settings.SIGN_IN_ATTEMPTS = 2
        for address in ("ben@acme.example", "BEN@ACME.example"):
            resets.ask(by=replace(DOOR, address=address), email=address)
        with refused(TooMany, "too_many_attempts"):
            resets.ask(by=DOOR, email="Ben@acme.example")
        assert signing_in.sign_in(by=DOOR, email="ben@acme.example", password=OLD).user == mail.ben

    def test_r_eml_5_what_is_no_address_is_refused(self, mail: Cast) -> None:
        with refused(Invalid, "address"):
            resets.ask(by=DOOR, email="ben@acme.example,eve@acme.example")


class TestEnds:
    def test_r_pwd_1_a_link_works_once(self, mail: Cast) -> None:
        resets.mail_asked(by=DOOR, email="ben@acme.example")
        link = mailed()
        use(link)
        with refused(Invalid, "reset_gone"):
            use(link, password="another long enough one")
        assert User.objects.get(pk=mail.ben).check_password(NEW)

    def test_r_ses_2_a_link_from_before_a_suspension_lets_nobody_in_after_it(self, mail: Cast) -> None:
        """R-SES-2: whoever had got hold of one waits in vain for the person to be active again."""
        resets.mail_asked(by=DOOR, email="ben@acme.example")
        taken = [mailed(), copied(None, mail.ben)]
        people.suspend(by=OPERATOR, user=mail.ben)
        people.activate(by=OPERATOR, user=mail.ben)
        for link in taken:
            with refused(Invalid, "reset_gone"):
                use(link)

    @pytest.mark.parametrize(
        "change",
        [{"password": "another"}, {"canonical": "benedict@acme.example"}, {"last_login": NOW}, {"status": "suspended"}],
        ids=lambda change: next(iter(change)),
    )
    def test_r_pwd_1_whatever_it_is_bound_to_ends_it(self, mail: Cast, change: dict[str, Any]) -> None:
        resets.mail_asked(by=DOOR, email="ben@acme.example")
        link = mailed()
        User.objects.filter(pk=mail.ben).update(**change)
        assert queries.opened(by=DOOR, ticket=link) is None
        with refused(Invalid, "reset_gone"):
            use(link)

    def test_r_pwd_1_a_link_works_for_twenty_four_hours(self, mail: Cast) -> None:
        resets.mail_asked(by=DOOR, email="ben@acme.example")
        link, late = mailed(), NOW + timedelta(hours=24)
        with refused(Invalid, "reset_gone"):
            use(link, late)
        assert use(link, late - timedelta(seconds=1)) == mail.ben

    def test_links_of_long_ago_are_forgotten(self, mail: Cast) -> None:
        resets.mail_asked(by=DOOR, email="ben@acme.example")
        resets.mail_asked(by=replace(DOOR, at=NOW + timedelta(hours=49)), email="ben@acme.example")
        assert PasswordReset.objects.count() == 1

    def test_a_bad_password_does_not_use_it_up(self, mail: Cast) -> None:
        resets.mail_asked(by=DOOR, email="ben@acme.example")
        with refused(Invalid, "password"):
            use(mailed(), password="short")
        assert use(mailed()) == mail.ben

    def test_r_ses_2_every_session_ends_and_what_waits_to_be_proven_is_dropped(self, mail: Cast) -> None:
        """R-SES-2, R-EML-7, I-ID-5."""
        Session.objects.create(session_key="a", session_data="", expire_date=NOW, user=mail.ben)
        address_changes.ask(by=caller(mail.ben), email="benedict@acme.example")
        resets.mail_asked(by=DOOR, email="ben@acme.example")
        use(mailed())
        assert not Session.objects.filter(user=mail.ben).exists()
        assert (AddressChange.objects.count(), mailing.letters(LetterKind.ADDRESS_PROOF)) == (0, [])

    @pytest.mark.parametrize("secret", ["", "x", "m1-1-" + "A" * 43, "c" + "A" * 42, proofs.mailed(proofs.Purpose.RESET, 1, 2)])
    def test_what_is_no_secret_is_no_link(self, secret: str) -> None:
        assert reset_links.read(secret) is None

    def test_a_link_of_another_purpose_or_of_nobody_is_none(self, mail: Cast) -> None:
        """R-INV-8: a proof of one thing opens no other."""
        resets.mail_asked(by=DOOR, email="ben@acme.example")
        (letter,) = mailing.letters(LetterKind.PASSWORD_RESET)
        assert reset_links.read(proofs.mailed(proofs.Purpose.VERIFICATION, letter.about, 1)) is None
        assert queries.opened(by=DOOR, ticket=ticket(proofs.copied(RANDOM))) is None
        assert queries.opened(by=DOOR, ticket=None) is None

    def test_a_copied_link_is_not_opened_by_its_number(self, mail: Cast) -> None:
        copied(mail.alice, mail.ben)
        number = PasswordReset.objects.get().pk
        assert queries.opened(by=DOOR, ticket=Ticket(number=number)) is None


class TestShown:
    def test_alice_who_manages_all_that_ben_has_is_shown_a_link(self, mail: Cast) -> None:
        """R112: single use, 24 hours, in the log; Ben is told; a copied link does not prove the address."""
        groups.remove_owner(by=OPERATOR, group=mail.analysts, user=mail.ben)
        assert queries.ways(by=caller(mail.alice), of=mail.ben) == queries.Ways(shown=True, mailed=True)
        link = copied(mail.alice, mail.ben)
        (notice,) = mailing.letters(LetterKind.PASSWORD_CHANGED)
        assert (notice.recipient, notice.details["what"]) == ("ben@acme.example", "link_made")
        shown = queries.opened(by=DOOR, ticket=link)
        assert shown is not None
        assert (shown.address, shown.until) == ("b***@a***.example", NOW + timedelta(hours=24))
        assert use(link) == mail.ben
        row = User.objects.get(pk=mail.ben)
        assert (row.check_password(NEW), row.email_verified) == (True, False)
        assert actions(mail.ben)[-2:] == ["user.reset_copied", "user.password_reset"]

    def test_only_the_digest_is_kept(self, mail: Cast) -> None:
        """R-LOG-2."""
        secret = resets.copy_link(by=caller(mail.alice), user=mail.ben, random=RANDOM)
        assert PasswordReset.objects.get().digest == proofs.digest(secret)
        everything = str([*PasswordReset.objects.values(), *Event.objects.values(), *Letter.objects.values()])
        assert secret not in everything

    def elsewhere(self, cast: Cast) -> Any:
        return resource(cast.dan, "account", "200", "Kiosk")

    def not_shown(self, cast: Cast) -> None:
        """Expect a refusal that does not say where else somebody has access, and that a letter can go."""
        assert queries.ways(by=caller(cast.alice), of=cast.ben) == queries.Ways(shown=False, mailed=True)
        with refused(Forbidden, "reset_not_shown", "Ben") as _:
            copied(cast.alice, cast.ben)
        refusal = Event.objects.filter(action="attempt.refused").latest("pk")
        assert "Kiosk" not in str(refusal.details)
        resets.mail_link(by=caller(cast.alice), user=cast.ben)

    def test_r112_not_where_he_has_access_in_an_account_of_others(self, mail: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[mail.ben], on=self.elsewhere(mail), permissions=["read_analyze"])
        self.not_shown(mail)

    def test_r112_not_where_he_will_have_it(self, mail: Cast) -> None:
        from keyholder.domain.windows import Window

        window = Window(starts_at=NOW + timedelta(days=9))
        bindings.grant(by=OPERATOR, to=[mail.ben], on=self.elsewhere(mail), permissions=["read_analyze"], window=window)
        self.not_shown(mail)

    def test_r112_not_where_a_group_that_he_is_in_or_owns_has_access_elsewhere(self, mail: Cast) -> None:
        from keyholder.services.commands import organizations

        bolt = organizations.create(by=caller(mail.dan), name="Bolt")
        group = groups.create(by=caller(mail.dan), organization=bolt, name="Bolters")
        from keyholder.services.commands import organization_links

        account = self.elsewhere(mail)
        organization_links.link_account(by=caller(mail.dan), organization=bolt, account=account)
        bindings.grant(by=caller(mail.dan), to=[group], on=account, permissions=["read_analyze"])
        groups.add_owner(by=OPERATOR, group=group, user=mail.ben)
        self.not_shown(mail)
        groups.remove_owner(by=OPERATOR, group=group, user=mail.ben)
        group_members.add(by=OPERATOR, group=group, members=[mail.ben])
        self.not_shown(mail)

    @pytest.mark.parametrize("role", list(OrganizationRole))
    def test_r112_not_for_who_has_a_role_in_an_organization(self, mail: Cast, role: OrganizationRole) -> None:
        organization_roles.appoint(by=OPERATOR, organization=mail.acme, user=mail.ben, role=role)
        self.not_shown(mail)

    def test_r112_not_for_an_operator(self, mail: Cast) -> None:
        people.appoint_operator(by=OPERATOR, user=mail.ben)
        self.not_shown(mail)

    def test_r112_not_for_who_has_nothing_at_all_though_an_operator_sees_them(self, mail: Cast) -> None:
        """Every account of none is managed by everybody: nobody is shown that link."""
        people.appoint_operator(by=OPERATOR, user=mail.alice)
        with refused(Forbidden, "reset_not_shown"):
            copied(mail.alice, mail.dan)

    def test_r112_the_command_line_always(self, mail: Cast) -> None:
        people.appoint_operator(by=OPERATOR, user=mail.ben)
        assert use(copied(None, mail.ben)) == mail.ben

    @pytest.mark.parametrize("who", ["cleo", "dan"])
    def test_r_ten_1_who_manages_nothing_of_his_does_not_find_him(self, mail: Cast, who: str) -> None:
        by = caller(getattr(mail, who))
        assert queries.ways(by=by, of=mail.ben) is None
        for act in (lambda: resets.copy_link(by=by, user=mail.ben, random=RANDOM), lambda: resets.mail_link(by=by, user=mail.ben)):
            with refused(NotFound, "not_found"):
                act()

    def test_nobody_makes_a_link_for_themselves(self, mail: Cast) -> None:
        assert queries.ways(by=caller(mail.alice), of=mail.alice) is None
        with refused(NotFound, "not_found"):
            copied(mail.alice, mail.alice)

    def test_not_for_the_suspended(self, mail: Cast) -> None:
        people.suspend(by=OPERATOR, user=mail.ben)
        with refused(Conflict, "suspended", "Ben"):
            copied(mail.alice, mail.ben)


class TestJudgedAgain:
    @pytest.fixture
    def link(self, mail: Cast) -> Ticket:
        """Let Alice make a link for Ben while she may."""
        return copied(mail.alice, mail.ben)

    def gone(self, link: Ticket) -> None:
        assert queries.opened(by=DOOR, ticket=link) is None
        with refused(Invalid, "reset_gone"):
            use(link)

    def test_r112_ben_has_access_elsewhere_by_now(self, mail: Cast, link: Ticket) -> None:
        account = resource(mail.dan, "account", "200", "Kiosk")
        bindings.grant(by=OPERATOR, to=[mail.ben], on=account, permissions=["read_analyze"])
        self.gone(link)

    def test_r112_alice_manages_it_no_more(self, mail: Cast, link: Ticket) -> None:
        bindings.grant(by=OPERATOR, to=[mail.dan], on=mail.account, permissions=["manage_users"])
        organization_roles.appoint(by=OPERATOR, organization=mail.acme, user=mail.dan, role=OrganizationRole.ADMIN)
        organization_roles.dismiss(by=OPERATOR, organization=mail.acme, user=mail.alice)
        assert queries.opened(by=DOOR, ticket=link) is not None
        removal.remove(by=OPERATOR, who=[mail.alice], at=mail.account)
        self.gone(link)

    def test_r112_alice_is_suspended(self, mail: Cast, link: Ticket) -> None:
        bindings.grant(by=OPERATOR, to=[mail.dan], on=mail.account, permissions=["manage_users"])
        organization_roles.appoint(by=OPERATOR, organization=mail.acme, user=mail.dan, role=OrganizationRole.ADMIN)
        people.suspend(by=OPERATOR, user=mail.alice)
        self.gone(link)

    def test_what_changes_at_the_very_moment_counts(self, mail: Cast, link: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
        """R-PWD-1: looked at again within the transaction."""
        real, looks = reset_links.counting, []

        def look(*arguments: Any) -> PasswordReset | None:
            looks.append(arguments)
            return real(*arguments) if len(looks) == 1 else None

        monkeypatch.setattr(reset_links, "counting", look)
        with refused(Invalid, "reset_gone"):
            use(link)
        assert len(looks) == 2
