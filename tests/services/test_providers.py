"""Identity providers: set up by an operator, tested before they are switched on, their secrets never shown (R-OIDC-7, R-KEY-2)."""

import json
from typing import Any

import pytest
from django.core import serializers
from pytest_django.fixtures import Settings

from keyholder.config import environment
from keyholder.domain.providers import Method, clean_credential, is_secure, origin_of, read_discovery
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.services import known_providers
from keyholder.services.commands import identities, providers
from keyholder.services.queries import providers as queries
from keyholder.storage.models import Event, Identity, Provider
from tests.cast import OPERATOR, Cast, caller
from tests.every_command import DESCRIBED, PROVIDER, provided, provider_added, said_of
from tests.services.refusing import refused

CANARY = "canary-of-the-provider"
GOOD: dict[str, Any] = {
    "issuer": "https://id.example",
    "authorization_endpoint": "https://id.example/authorize?tenant=1",
    "token_endpoint": "https://id.example/token",
    "jwks_uri": "https://keys.example/keys",
}


def change(**others: Any) -> None:
    providers.change(by=OPERATOR, provider="mts", **{**PROVIDER, **others})


class TestSettingUp:
    def test_a_provider_is_off_until_it_was_tested(self, cast: Cast) -> None:
        provider_added()
        assert known_providers.offered() == ()
        providers.enable(by=OPERATOR, provider="mts", discovery=DESCRIBED)
        providers.enable(by=OPERATOR, provider="mts", discovery=DESCRIBED)
        assert [each.key for each in known_providers.offered()] == ["mts"]
        assert Event.objects.filter(action="provider.enabled").count() == 1

    def test_r_oidc_5_only_an_operator_sets_up_and_looks(self, cast: Cast) -> None:
        """R-OIDC-5: no organization has a provider of its own, which could vouch for people of another: its admin is refused."""
        provider_added()
        alice = caller(cast.alice)
        for act in (
            lambda: providers.add(by=alice, key="x", secret="x", **PROVIDER),
            lambda: providers.change(by=alice, provider="mts", **PROVIDER),
            lambda: providers.enable(by=alice, provider="mts", discovery=DESCRIBED),
            lambda: providers.disable(by=alice, provider="mts"),
            lambda: providers.remove(by=alice, provider="mts"),
            lambda: queries.providers(by=alice),
            lambda: queries.provider(by=alice, key="mts"),
        ):
            with refused(Forbidden, "not_operator"):
                act()

    def test_r_key_2_the_secret_is_sealed_and_told_nobody(self, cast: Cast) -> None:
        """R-KEY-2, R-LOG-2: not in the table, not in the log, not in what is read; and it can be used."""
        providers.add(by=OPERATOR, key="mts", secret=CANARY, **PROVIDER)
        change(secret=f"{CANARY}-2")
        change(name="Another name")
        kept = serializers.serialize("json", [*Provider.objects.all(), *Event.objects.all()])
        assert CANARY not in kept + repr(queries.providers(by=OPERATOR)) + repr(known_providers.every())
        assert known_providers.secret_of(known_providers.one("mts")) == f"{CANARY}-2"

    def test_keys_and_issuers_are_not_given_twice(self, cast: Cast) -> None:
        provider_added()
        with refused(Conflict, "key_taken", "mts"):
            provider_added()
        with refused(Conflict, "issuer_taken", "MTS ID"):
            providers.add(by=OPERATOR, key="other", secret="x", **PROVIDER)
        providers.add(by=OPERATOR, key="other", secret="x", **{**PROVIDER, "issuer": "https://other.example"})
        with refused(Conflict, "issuer_taken"):
            providers.change(by=OPERATOR, provider="other", **PROVIDER)

    def test_another_issuer_has_to_be_tested_again(self, cast: Cast) -> None:
        provided(lambda: None)()
        change(name="MTS")
        assert known_providers.one("mts").is_enabled
        change(issuer="https://new.example")
        assert not known_providers.one("mts").is_enabled
        with refused(Conflict, "not_tested"):
            providers.enable(by=OPERATOR, provider="mts", discovery=DESCRIBED)

    def test_what_changes_nothing_is_not_told(self, cast: Cast) -> None:
        provider_added()
        change()
        providers.disable(by=OPERATOR, provider="mts")
        assert list(Event.objects.filter(action__startswith="provider.").values_list("action", flat=True)) == ["provider.added"]

    def test_a_provider_is_removed_with_its_links_once_it_is_off(self, cast: Cast) -> None:
        provided(lambda: None)()
        identities.link(by=caller(cast.ben), said=said_of("ben"))
        assert queries.provider(by=OPERATOR, key="mts").people == 1
        with refused(Conflict, "still_on"):
            providers.remove(by=OPERATOR, provider="mts")
        providers.disable(by=OPERATOR, provider="mts")
        providers.remove(by=OPERATOR, provider="mts")
        assert (queries.providers(by=OPERATOR), Identity.objects.count()) == ((), 0)
        for act in (lambda: providers.remove(by=OPERATOR, provider="mts"), lambda: queries.provider(by=OPERATOR, key="mts")):
            with refused(NotFound, "not_found"):
                act()

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            ("key", ""),
            ("key", "MTS"),
            ("key", "-mts"),
            ("key", "a" * 41),
            ("issuer", ""),
            ("issuer", "http://id.example"),
            ("issuer", "https://id.example?x"),
            ("issuer", "https://id.example#x"),
            ("issuer", "https://me@id.example"),
            ("issuer", "https://id.example:x"),
            ("issuer", "https://id .example"),
            ("issuer", "https:id.example"),
            ("issuer", "https://id.example\\x"),
            ("issuer", "file:///etc"),
            ("issuer", "https://" + "x" * 500),
            ("client", ""),
            ("client", "a b"),
            ("secret", ""),
            ("secret", "x" * 501),
            ("scopes", "openid"),
            ("scopes", "email"),
            ("scopes", 'openid email "x"'),
            ("scopes", "openid email " + "x" * 500),
            ("name", ""),
        ],
    )
    def test_r_oidc_7_nothing_is_set_up_without_issuer_audience_and_secret(self, cast: Cast, place: str, value: str) -> None:
        given = {**PROVIDER, "key": "mts", "secret": "x", place: value}
        with refused(Invalid, place):
            providers.add(by=OPERATOR, **given)


class TestTheEnvironment:
    def test_providers_of_the_environment_come_first_and_are_read_only(self, cast: Cast, settings: Settings) -> None:
        provider_added()
        given = {"name": "Google", "issuer": "https://accounts.google.com", "client": "g", "secret": CANARY, "scopes": "openid email"}
        settings.OIDC_PROVIDERS = {"google": given, "mts": {**given, "name": "Given MTS"}}
        assert [each.name for each in known_providers.every()] == ["Given MTS", "Google"]
        assert known_providers.secret_of(known_providers.one("google")) == CANARY
        assert CANARY not in repr(known_providers.every())
        with refused(Conflict, "of_environment"):
            change()
        with refused(Conflict, "of_environment"):
            providers.disable(by=OPERATOR, provider="google")

    def test_they_are_read_from_variables_by_their_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for part, value in {"ISSUER": "https://id.example", "CLIENT_ID": "k", "CLIENT_SECRET": CANARY}.items():
            monkeypatch.setenv(f"KEYHOLDER_OIDC_MTS_ID_{part}", value)
        assert environment.oidc_providers() == {
            "mts-id": {
                "name": "Mts_Id",
                "issuer": "https://id.example",
                "client": "k",
                "secret": CANARY,
                "scopes": "openid email profile",
            }
        }
        listed = {each.variable: each.secret for each in environment.provider_settings()}
        assert listed == {
            "KEYHOLDER_OIDC_MTS_ID_CLIENT_ID": False,
            "KEYHOLDER_OIDC_MTS_ID_CLIENT_SECRET": True,
            "KEYHOLDER_OIDC_MTS_ID_ISSUER": False,
        }

    @pytest.mark.parametrize("part", ["ISSUER", "CLIENT_ID", "CLIENT_SECRET"])
    def test_r_oidc_7_the_server_does_not_start_with_half_a_provider(self, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """R-OIDC-7: without issuer or audience nothing starts, and the message names the provider and not the secret."""
        for name, value in {"ISSUER": "https://id.example", "CLIENT_ID": "k", "CLIENT_SECRET": CANARY}.items():
            monkeypatch.setenv(f"KEYHOLDER_OIDC_MTS_{name}", "" if name == part else value)
        with pytest.raises(environment.SettingError, match="KEYHOLDER_OIDC_MTS") as caught:
            environment.oidc_providers()
        assert CANARY not in str(caught.value)


class TestDiscovery:
    def test_a_good_description_is_read(self) -> None:
        found = read_discovery({**GOOD, "authorization_response_iss_parameter_supported": True}, "https://id.example")
        assert (found.method, found.algorithms, found.userinfo, found.says_issuer) == (Method.BASIC, ("RS256",), "", True)

    def test_the_way_to_show_the_secret_is_one_that_the_provider_takes(self) -> None:
        taken = {"token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post"]}
        assert read_discovery({**GOOD, **taken}, "https://id.example").method is Method.POST

    @pytest.mark.parametrize("found", ["https://id.example/", "HTTPS://id.example", None, ["https://id.example"], "https://evil.example"])
    def test_r_oidc_7_a_description_of_another_issuer_is_refused(self, found: object) -> None:
        with refused(Conflict, "wrong_issuer"):
            read_discovery({**GOOD, "issuer": found}, "https://id.example")

    @pytest.mark.parametrize(
        "part",
        [
            {"token_endpoint": "http://id.example/token"},
            {"token_endpoint": "http://127.0.0.1/token"},
            {"jwks_uri": None},
            {"authorization_endpoint": "javascript:alert(1)"},
            {"authorization_endpoint": "https://id.example/#here"},
            {"userinfo_endpoint": 7},
            {"response_types_supported": ["id_token"]},
            {"response_types_supported": "code"},
            {"code_challenge_methods_supported": ["plain"]},
            {"id_token_signing_alg_values_supported": ["none", "HS256"]},
            {"token_endpoint_auth_methods_supported": ["private_key_jwt"]},
        ],
        ids=json.dumps,
    )
    def test_a_description_that_can_t_be_used_is_refused(self, part: dict[str, Any]) -> None:
        with refused(Conflict, "unfit_provider", next(iter(part))):
            read_discovery({**GOOD, **part}, "https://id.example")

    def test_no_description_at_all_is_refused(self) -> None:
        with refused(Conflict, "unfit_provider"):
            read_discovery([], "https://id.example")

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.9.9.9"])
    def test_http_is_for_this_machine_only(self, host: str) -> None:
        assert is_secure(f"http://{host}:8080")
        assert not is_secure(f"http://{host}:8080", loopback=False)

    @pytest.mark.parametrize("host", ["127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "0x7f.1"])
    def test_what_only_looks_like_this_machine_is_not(self, host: str) -> None:
        assert not is_secure(f"http://{host}")

    def test_an_origin_is_what_a_policy_names(self) -> None:
        assert origin_of("https://id.example:8443/a?b") == "https://id.example:8443"


def test_a_credential_is_named_where_it_is_refused() -> None:
    with refused(Invalid, "client"):
        clean_credential("", "client")
