"""Who asks. Nobody who is not signed in may pass for the operator's command line."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from keyholder.domain.events import Channel
from keyholder.interfaces.http.callers import CallerMiddleware, caller, client_address


class Alice(SimpleNamespace):
    """A person who is signed in."""

    is_authenticated = True
    pk = 7
    name = "Alice"


def ask(user: object, **headers: str) -> HttpRequest:
    """Make a request of somebody, from the next machine."""
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.9")
    request.user = user  # type: ignore[assignment]  # stands in for a row
    request.session = SessionBase()
    return request


@pytest.mark.django_db
def test_alice_is_the_caller_of_her_requests() -> None:
    by = caller(ask(Alice()))
    assert by is not None
    assert (by.principal, by.channel, by.name, by.address) == (7, Channel.CONSOLE, "Alice", "10.0.0.9")
    assert by.at.utcoffset() is not None
    assert not by.is_instance


def test_i_az_10_who_is_not_signed_in_is_no_caller_and_above_all_not_the_instance() -> None:
    request = ask(AnonymousUser())
    CallerMiddleware(lambda _request: HttpResponse())(request)
    assert request.caller is None  # type: ignore[attr-defined]  # the middleware adds it


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (frozenset(), "1.2.3.4", "10.0.0.9"),
        (frozenset({"10.0.0.9"}), "", "10.0.0.9"),
        (frozenset({"10.0.0.9"}), "1.2.3.4", "1.2.3.4"),
        (frozenset({"10.0.0.9"}), "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (frozenset({"10.0.0.9", "10.0.0.8"}), "6.6.6.6, 1.2.3.4, 10.0.0.8", "1.2.3.4"),
        (frozenset({"10.0.0.8"}), "1.2.3.4", "10.0.0.9"),
    ],
)
def test_r_hst_1_only_a_proxy_that_the_settings_name_is_believed(
    settings: Settings, proxies: frozenset[str], forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert client_address(ask(Alice(), **{"X-Forwarded-For": forwarded})) == address
