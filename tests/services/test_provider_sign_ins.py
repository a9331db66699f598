"""Going to a provider and coming back: once, in the same browser, within ten minutes (R-OIDC-6, R-OIDC-8)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from keyholder.domain.refusals import Forbidden, TooMany
from keyholder.services import known_providers
from keyholder.services.commands import provider_sign_ins
from keyholder.services.commands.provider_sign_ins import Begun, Secrets
from keyholder.services.known_providers import Provider
from keyholder.storage import provider_sign_ins as rows
from keyholder.storage.models import ProviderSignIn
from tests.cast import NOW, Cast, build, caller
from tests.every_command import NEWCOMER, provided
from tests.services.refusing import refused

SECRETS = Secrets("state", "nonce", "verifier", "browser")


@pytest.fixture
def provider(cast: Cast) -> Provider:
    """Return a provider that is switched on."""
    provided(lambda: None)()
    return known_providers.one("mts")


def take(provider: Provider, **others: str) -> Begun:
    return provider_sign_ins.take(by=NEWCOMER, provider=provider, **{"state": "state", "browser": "browser", **others})


def test_what_was_begun_comes_back_once(provider: Provider) -> None:
    provider_sign_ins.begin(by=NEWCOMER, provider=provider, secrets=SECRETS, goal="/groups/")
    begun = take(provider)
    assert (begun.verifier, begun.goal, begun.linking, begun.issuer) == ("verifier", "/groups/", None, provider.issuer)
    with refused(Forbidden, "not_begun"):
        take(provider)


def test_who_links_is_remembered(provider: Provider, cast: Cast) -> None:
    provider_sign_ins.begin(by=caller(cast.ben), provider=provider, secrets=SECRETS)
    assert take(provider).linking == cast.ben


def test_r_oidc_6_nothing_of_it_can_be_read_in_the_table(provider: Provider) -> None:
    provider_sign_ins.begin(by=NEWCOMER, provider=provider, secrets=SECRETS)
    (row,) = ProviderSignIn.objects.values()
    assert not {"state", "nonce", "verifier", "browser"} & {str(value) for value in row.values()}


@pytest.mark.parametrize("others", [{"state": "another"}, {"state": ""}, {"browser": "another"}, {"browser": ""}], ids=str)
def test_r_oidc_6_another_state_or_browser_is_refused_and_uses_nothing_up(provider: Provider, others: dict[str, str]) -> None:
    provider_sign_ins.begin(by=NEWCOMER, provider=provider, secrets=SECRETS)
    with refused(Forbidden, "not_begun"):
        take(provider, **others)
    assert take(provider).verifier == "verifier"


def test_r_oidc_6_a_provider_s_answer_is_no_other_s(provider: Provider) -> None:
    provider_sign_ins.begin(by=NEWCOMER, provider=provider, secrets=SECRETS)
    with refused(Forbidden, "not_begun"):
        take(replace(provider, key="other"))
    with refused(Forbidden, "not_begun"):
        take(replace(provider, issuer="https://changed.example"))


def test_it_is_over_after_ten_minutes(provider: Provider) -> None:
    provider_sign_ins.begin(by=NEWCOMER, provider=provider, secrets=SECRETS)
    late = replace(NEWCOMER, at=NOW + timedelta(minutes=10))
    with refused(Forbidden, "not_begun"):
        provider_sign_ins.take(by=late, provider=provider, state="state", browser="browser")
    provider_sign_ins.begin(by=late, provider=provider, secrets=replace(SECRETS, state="another"))
    assert ProviderSignIn.objects.count() == 1


def test_r_rat_1_too_many_from_one_address_wait(provider: Provider, settings: object) -> None:
    settings.SIGN_IN_ATTEMPTS = 1  # type: ignore[attr-defined]  # the fixture of pytest-django
    for number in range(5):
        provider_sign_ins.begin(by=NEWCOMER, provider=provider, secrets=replace(SECRETS, state=str(number)))
    with refused(TooMany, "too_many_attempts"):
        provider_sign_ins.begin(by=NEWCOMER, provider=provider, secrets=SECRETS)


def returning(race: Callable[..., list[object]]) -> int:
    """Let the same answer come back four times at once, and return how often it was taken."""
    build()
    provided(lambda: None)()
    provider = known_providers.one("mts")
    provider_sign_ins.begin(by=NEWCOMER, provider=provider, secrets=SECRETS)
    return sum(isinstance(found, Begun) for found in race(*[lambda: take(provider)] * 4))


@pytest.mark.soak
def test_r_oidc_8_the_same_answer_at_once_counts_once(race: Callable[..., list[object]]) -> None:
    """R-OIDC-8: on either database."""
    assert returning(race) == 1


@pytest.mark.soak
def test_r_oidc_8_who_only_looks_takes_it_several_times(race: Callable[..., list[object]], monkeypatch: pytest.MonkeyPatch) -> None:
    """R-OIDC-8: the guard is the deletion that counts, and without it the answer is taken again."""
    from threading import Barrier

    meeting = Barrier(4)

    def looked(row: ProviderSignIn) -> bool:
        meeting.wait(20)
        ProviderSignIn.objects.filter(pk=row.pk).delete()
        return True

    monkeypatch.setattr(rows, "is_first", looked)
    assert returning(race) == 4
