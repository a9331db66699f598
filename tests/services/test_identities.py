"""Who a provider says somebody is, and what that opens: R-OIDC-1, R-OIDC-3, R-OIDC-4, R-OIDC-9, I-ID-2."""

from dataclasses import replace

import pytest

from keyholder.domain.addresses import Address
from keyholder.domain.events import Event as Told
from keyholder.domain.id_tokens import untrusted
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.policies import Policy, PolicyMode, violation
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.commands import address_changes, identities, people, providers, resets, signing_in
from keyholder.services.queries import identities as queries
from keyholder.storage.models import Event, Identity, MailSettings, User
from keyholder.storage.models import Letter as LetterRow
from tests.cast import OPERATOR, Cast, caller, person
from tests.every_command import NEWCOMER, PROVIDER, provided, said_of
from tests.services.happened import last
from tests.services.refusing import refused
from tests.services.sessions import is_open, session_of
from tests.sound import faults

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def provider(cast: Cast) -> None:
    """Set a provider up and switch it on."""
    provided(lambda: None)()


@pytest.fixture
def proven(cast: Cast) -> Cast:
    """Let Ben's and Cleo's addresses have been verified here earlier, and give both a password."""
    User.objects.filter(pk__in=[cast.ben, cast.cleo]).update(email_verified=True, password="hashed")
    return cast


def enter(name: str, subject: str = "", address: str = "") -> PrincipalId:
    return identities.enter(by=NEWCOMER, said=said_of(name, subject, address)).user


class TestSigningIn:
    def test_r_oidc_1_ben_is_known_by_issuer_and_subject(self, proven: Cast) -> None:
        """R-OIDC-1: his first sign-in ties him to the pair, which it tells; the second needs nothing written but that he is there."""
        assert enter("ben") == proven.ben
        row = Identity.objects.get()
        assert (row.issuer, row.subject, row.user_id) == (PROVIDER["issuer"], "ben-1", proven.ben)
        before = last()
        assert enter("ben") == proven.ben
        assert list(Event.objects.filter(pk__gt=before).values_list("action", "details__how")) == [("sign_in.succeeded", "provider")]
        assert User.objects.get(pk=proven.ben).has_usable_password()

    def test_i_id_2_a_subject_is_one_person_and_a_person_one_subject(self, proven: Cast) -> None:
        """I-ID-2; R-OIDC-1: a second subject with the same address is somebody else to the provider, and so is not let in."""
        enter("ben")
        with refused(Forbidden, "another_subject"):
            enter("ben", subject="ben-2")
        assert Identity.objects.count() == 1

    def test_r_oidc_3_access_does_not_follow_to_another_address(self, proven: Cast) -> None:
        """R-OIDC-3: neither to one that nobody has here, nor to one that is somebody else's."""
        enter("ben")
        for address in ("benjamin@acme.example", "cleo@acme.example", "dan@acme.example"):
            with refused(Forbidden, "another_address", "MTS ID"):
                enter("ben", address=address)
        assert Event.objects.filter(refused="another_address", actor=proven.ben).count() == 3
        assert Identity.objects.count() == 1

    def test_any_spelling_of_the_address_is_the_same_person(self, proven: Cast) -> None:
        assert enter("ben", address="BEN@\uff41cme.example") == proven.ben

    @pytest.mark.parametrize(
        "domain",
        ["evilacme.example", "acme.example.evil.org", "sub.acme.example", "acme.example.org", "acme-example.org", "acm\u0435.example"],
    )
    def test_r_eml_6_a_domain_that_looks_alike_is_another(self, proven: Cast, domain: str) -> None:
        """R-EML-6: at sign-in, whole labels of the A-label domain are compared, and nothing else."""
        with refused(Forbidden, "nothing_opened"):
            enter("ben", address=f"ben@{domain}")

    def test_r_eml_6_an_address_proven_by_a_provider_satisfies_the_policy_that_wants_one(self, cast: Cast) -> None:
        """R-EML-6: from then on the person is not outside the organization's policy."""
        policy = Policy(PolicyMode.ENFORCED, allowed_domains=("acme.example",), verified_only=True)
        assert violation(policy, "ben@acme.example", verified=User.objects.get(pk=cast.ben).email_verified)
        enter("ben")
        assert not violation(policy, "ben@acme.example", verified=User.objects.get(pk=cast.ben).email_verified)

    def test_a_provider_opens_nothing_for_whom_nothing_was_opened(self, cast: Cast) -> None:
        """R-OIDC-2: nobody is made, and the attempt is in the log under the address that was proven."""
        before = User.objects.count()
        with refused(Forbidden, "nothing_opened", "e***@e***.example"):
            enter("eve", address="eve@elsewhere.example")
        row = Event.objects.get(refused="nothing_opened")
        assert (row.actor, row.actor_name, row.channel) == (None, "eve@elsewhere.example", "console")
        assert (User.objects.count(), Identity.objects.count()) == (before, 0)

    def test_r_oidc_9_somebody_suspended_does_not_get_in(self, proven: Cast) -> None:
        enter("ben")
        people.suspend(by=OPERATOR, user=proven.ben)
        with refused(Forbidden, "suspended"):
            enter("ben")
        assert User.objects.get(pk=proven.ben).status == "suspended"

    def test_r_oidc_9_switching_the_provider_off_ends_the_sessions(self, proven: Cast) -> None:
        enter("ben")
        mine, hers = session_of(proven.ben), session_of(proven.cleo)
        providers.disable(by=OPERATOR, provider="mts")
        assert (is_open(mine), is_open(hers)) == (False, True)

    def test_a_person_suspended_after_the_check_is_not_admitted(self, proven: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        enter("ben")
        admit = signing_in.admit

        def late(**given: object) -> object:
            User.objects.filter(pk=proven.ben).update(status="suspended")
            return admit(**given)  # type: ignore[arg-type]  # handed on as it came

        monkeypatch.setattr(signing_in, "admit", late)
        with refused(Invalid, "wrong_password"):
            enter("ben")


class TestTheFirstProof:
    """R-OIDC-4: what somebody prepared in an account whose address they never proved is worth nothing to them."""

    @pytest.fixture
    def prepared(self, cast: Cast) -> PrincipalId:
        """Let somebody make an account of Zoe's address and set a password."""
        zoe = person("Zoe")
        User.objects.filter(pk=zoe).update(password="hashed")
        return zoe

    def test_r_oidc_4_classic_federated_merge(self, prepared: PrincipalId) -> None:
        """R-OIDC-4: the password that was set before is void once Zoe comes by her provider."""
        assert enter("zoe") == prepared
        row = User.objects.get(pk=prepared)
        assert (row.has_usable_password(), row.email_verified) == (False, True)
        assert faults(sample=1) == []

    def test_r_oidc_4_unexpired_session_identifier(self, prepared: PrincipalId) -> None:
        """R-OIDC-4: the session that was left open ends."""
        session = session_of(prepared)
        enter("zoe")
        assert not is_open(session)

    def test_r_oidc_4_trojan_identifier(self, prepared: PrincipalId) -> None:
        """R-OIDC-4: another identity can't be left behind in the account, and one that was is gone."""
        with refused(Forbidden, "another_address"):
            identities.link(by=caller(prepared), said=said_of("mallory", address="mallory@elsewhere.example"))
        Identity.objects.create(issuer="https://other.example", subject="mallory", user_id=prepared)
        enter("zoe")
        assert list(Identity.objects.values_list("subject", flat=True)) == ["zoe-1"]

    def test_r_oidc_4_unexpired_email_change(self, prepared: PrincipalId) -> None:
        """R-OIDC-4: proofs and resets that wait to be mailed are taken back."""
        MailSettings.objects.create(host="127.0.0.1", port=25, security="none", sender="keyholder@acme.example")
        address_changes.ask(by=caller(prepared), email="mallory@elsewhere.example")
        resets.mail_asked(by=NEWCOMER, email="zoe@acme.example")
        enter("zoe")
        assert dict(LetterRow.objects.values_list("kind", "state")) == {"address_proof": "withdrawn", "password_reset": "withdrawn"}

    def test_r_oidc_4_non_verifying_provider(self, prepared: PrincipalId, cast: Cast) -> None:
        """R-OIDC-4: a provider that asserts an address which is another's finds the account tied to the owner's subject."""
        enter("zoe")
        with refused(Forbidden, "another_subject"):
            enter("zoe", subject="mallory")

    def test_a_proof_by_a_session_of_the_account_takes_it_over_as_well(self, prepared: PrincipalId) -> None:
        other = session_of(prepared)
        identities.link(by=caller(prepared), said=said_of("zoe"))
        assert not User.objects.get(pk=prepared).has_usable_password()
        assert not is_open(other)


class TestLinking:
    def test_ben_links_a_provider_and_signs_in_with_it(self, proven: Cast) -> None:
        identities.link(by=caller(proven.ben), said=said_of("ben"))
        identities.link(by=caller(proven.ben), said=said_of("ben"))
        assert [row.provider for row in queries.own(by=caller(proven.ben)).linked] == ["MTS ID"]
        assert enter("ben") == proven.ben
        assert Event.objects.filter(action="identity.linked").count() == 1

    def test_what_is_linked_with_somebody_else_is_not_linked_again(self, proven: Cast) -> None:
        enter("ben")
        with refused(Conflict, "linked_elsewhere"):
            identities.link(by=caller(proven.cleo), said=said_of("ben"))

    def test_cleo_unlinks_and_has_her_password_still(self, proven: Cast) -> None:
        enter("cleo")
        (row,) = queries.own(by=caller(proven.cleo)).linked
        identities.unlink(by=caller(proven.cleo), identity=row.number)
        assert not Identity.objects.exists()
        assert Event.objects.filter(action="identity.unlinked").exists()

    def test_the_last_way_in_is_not_taken_away(self, proven: Cast) -> None:
        enter("cleo")
        User.objects.filter(pk=proven.cleo).update(password="!")
        number = Identity.objects.get().pk
        with refused(Conflict, "last_way_in"):
            identities.unlink(by=caller(proven.cleo), identity=number)
        providers.add(by=OPERATOR, key="other", secret="x", **{**PROVIDER, "issuer": "https://other.example"})
        Identity.objects.create(issuer="https://other.example", subject="c", user_id=proven.cleo)
        with refused(Conflict, "last_way_in"):
            identities.unlink(by=caller(proven.cleo), identity=number)

    def test_nobody_unlinks_anothers(self, proven: Cast) -> None:
        enter("cleo")
        with refused(NotFound, "not_found"):
            identities.unlink(by=caller(proven.ben), identity=Identity.objects.get().pk)

    def test_what_can_be_linked_is_what_is_on_and_not_linked_yet(self, proven: Cast) -> None:
        assert [each.key for each in queries.own(by=caller(proven.ben)).linkable] == ["mts"]
        assert (queries.own(by=caller(proven.ben)).is_first_proof, queries.own(by=caller(proven.dan)).is_first_proof) == (False, True)
        enter("ben")
        assert queries.own(by=caller(proven.ben)).linkable == ()
        providers.disable(by=OPERATOR, provider="mts")
        assert queries.own(by=caller(proven.cleo)).linkable == ()

    def test_a_link_to_a_provider_that_is_gone_goes_by_its_issuer(self, proven: Cast) -> None:
        Identity.objects.create(issuer="https://gone.example", subject="b", user_id=proven.ben)
        assert [row.provider for row in queries.own(by=caller(proven.ben)).linked] == ["https://gone.example"]


def test_a_new_person_is_written_by_what_opened_the_door(cast: Cast) -> None:
    with acting(OPERATOR, scopes.of_instance) as act:
        row = identities.add_person(act, replace(said_of("eve"), address=Address.of("Eve@acme.example")), "Eve")
        act.record(Told("user.created", "user", row.pk, subject=PrincipalId(row.pk), details={"subject": "Eve"}))
    assert (row.email, row.email_verified, row.has_usable_password()) == ("Eve@acme.example", True, False)
    assert enter("eve") == row.pk
    assert faults(sample=1) == []


def test_an_answer_that_was_not_believed_is_in_the_log(cast: Cast) -> None:
    identities.note_refusal(by=NEWCOMER, provider="MTS ID", refusal=untrusted("nonce"))
    row = Event.objects.get(refused="untrusted_answer")
    assert (row.actor, row.actor_name, row.address) == (None, "MTS ID", "192.0.2.1")


def test_strangers_fill_one_share_of_the_log_together(cast: Cast) -> None:
    for number in range(25):
        with refused(Forbidden, "nothing_opened"):
            enter("eve", subject=str(number), address=f"eve{number}@elsewhere.example")
    assert Event.objects.filter(refused="nothing_opened").count() == 20
