"""Known providers: those an operator set up in the console, and those of the environment, which come first (semantics 7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from keyholder.services.authority import not_there
from keyholder.services.seals import Use, unseal
from keyholder.storage.models import Provider as Row


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as everybody but its client may know it: without the secret."""

    key: str
    name: str
    issuer: str
    client: str
    scopes: str
    is_enabled: bool
    text_counts: bool = False
    """The text "true" counts as a verified address as well."""
    is_from_environment: bool = False


def every() -> tuple[Provider, ...]:
    """Return all providers by their names."""
    given = [_given(key, values) for key, values in settings.OIDC_PROVIDERS.items()]
    rows = [_stored(row) for row in Row.objects.exclude(key__in=settings.OIDC_PROVIDERS)]
    return tuple(sorted([*given, *rows], key=lambda provider: (provider.name, provider.key)))


def offered() -> tuple[Provider, ...]:
    """Return the providers that people can sign in with now."""
    return tuple(provider for provider in every() if provider.is_enabled)


def is_offered(issuer: str) -> bool:
    """Say whether people can sign in now with the provider of an issuer."""
    return any(provider.issuer == issuer for provider in offered())


def one(key: str) -> Provider:
    """Return a provider; raises NotFound."""
    found = next((provider for provider in every() if provider.key == key), None)
    if found is None:
        raise not_there()
    return found


def secret_of(provider: Provider) -> str:
    """Return the secret by which the provider knows this instance; raises Conflict where it can't be read any more."""
    if provider.is_from_environment:
        return str(settings.OIDC_PROVIDERS[provider.key]["secret"])
    return unseal(Row.objects.get(key=provider.key).secret, Use.PROVIDER)


def _given(key: str, values: Mapping[str, str]) -> Provider:
    return Provider(key, values["name"], values["issuer"], values["client"], values["scopes"], is_enabled=True, is_from_environment=True)


def _stored(row: Row) -> Provider:
    return Provider(row.key, row.name, row.issuer, row.client, row.scopes, is_enabled=row.enabled, text_counts=row.text_counts)
