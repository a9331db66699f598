"""What the tests of this door share: the cast, signed-in browsers, and a provider on this machine."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.interfaces.console.conftest import cast, signed_in

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.interfaces.oidc.hostile import Provider

__all__ = ["cast", "signed_in"]


@pytest.fixture
def provider(cast: "Cast") -> Iterator["Provider"]:
    """Run a provider that is set up and switched on; Alice's address was verified here earlier."""
    from django.core.cache import cache

    from keyholder.interfaces.http.asking import ask_anew
    from keyholder.services import openid
    from keyholder.services.commands import providers
    from keyholder.storage.models import User
    from tests.cast import OPERATOR
    from tests.interfaces.oidc.hostile import SECRET, running
    from tests.services.claims import CLIENT

    cache.clear()
    User.objects.filter(pk=cast.alice).update(email_verified=True, password="hashed")
    with running() as provider:
        providers.add(by=OPERATOR, key="mts", name="MTS ID", issuer=provider.issuer, client=CLIENT, secret=SECRET)
        providers.enable(by=OPERATOR, provider="mts", discovery=openid.discover(provider.issuer, ask_anew))
        yield provider
    cache.clear()
