"""Identity providers as their pages show them, and the two that are explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from keyholder.interfaces.console.parts.marks import Fact
from keyholder.services.known_providers import Provider
from keyholder.services.queries.providers import Listed

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Card:
    """One provider of the list."""

    provider: Provider
    redirect: str
    people: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A provider that many use: what its form begins with, and what to do at the provider."""

    key: str
    name: str
    issuer: str
    steps: "tuple[StrOrPromise, ...]"
    redirect: str = ""


PRESETS: Mapping[str, Preset] = {
    "mts": Preset(
        "mts",
        "MTS ID",
        "",
        (
            gettext_lazy("Ask MTS ID to register a web application, and give it the redirect address below."),
            gettext_lazy("Have it release the e-mail address, with the claim that says it is verified."),
            gettext_lazy("Enter the issuer, the client id and the secret that MTS ID sends you."),
        ),
    ),
    "google": Preset(
        "google",
        "Google",
        "https://accounts.google.com",
        (
            gettext_lazy(
                "In Google Cloud, open APIs and services, then Credentials, and create an OAuth client id of the type web application."
            ),
            gettext_lazy("Add the redirect address below under “Authorised redirect URIs”."),
            gettext_lazy("Enter the client id and the client secret that Google shows."),
        ),
    ),
}


def cards(found: tuple[Listed, ...]) -> tuple[Card, ...]:
    """Show the providers."""
    return tuple(Card(row.provider, redirect(row.provider.key), people(row.people)) for row in found)


def presets() -> tuple[Preset, ...]:
    """Show what is explained, with the redirect address to copy."""
    return tuple(Preset(each.key, each.name, each.issuer, each.steps, redirect(each.key)) for each in PRESETS.values())


def redirect(key: str) -> str:
    """Return where a provider sends people back to."""
    return settings.PUBLIC_URL + reverse("oidc:callback", args=[key])


def people(number: int) -> str:
    """Say how many are linked."""
    return ngettext("%(number)s person is linked", "%(number)s people are linked", number) % {"number": number}


def facts() -> tuple[Fact, ...]:
    """Say what to know before a provider's form is sent."""
    return (
        Fact(_("A provider proves who somebody is. It opens nothing: people still have to be invited or given access."), "shield-check"),
    )


def consequences(found: Listed, *, on: bool) -> tuple[Fact, ...]:
    """Say what follows from switching a provider on or off."""
    name = {"name": found.provider.name}
    if on:
        return (
            Fact(_("It is tested first: its description is fetched from the issuer."), "radio-tower"),
            Fact(_("The sign-in page offers %(name)s to everybody.") % name, "log-in"),
        )
    return (
        Fact(_("Nobody can sign in with %(name)s any more.") % name, "ban"),
        Fact(_("The sessions of everybody who is linked with it end now.") + f" ({people(found.people)})", "log-out"),
        Fact(_("Who has no password needs one, by a reset link, to get in another way."), "key-round"),
    )


def removal(found: Listed) -> tuple[Fact, ...]:
    """Say what follows from removing a provider."""
    return (
        Fact(_("Its settings and its secret are deleted."), "trash-2"),
        Fact(
            _("Nobody's account is linked with it any more; the accounts and their access stay.") + f" ({people(found.people)})", "unlink"
        ),
    )
