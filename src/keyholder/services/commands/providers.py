"""Identity providers: setting them up, switching them on and off (semantics 7). Only an operator does any of it."""

from django.conf import settings

from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.names import clean_name
from keyholder.domain.providers import USUAL_SCOPES, Discovery, clean_credential, clean_issuer, clean_provider_key, clean_scopes
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import scopes as tenants
from keyholder.services import sessions
from keyholder.services.acting import Act, acting
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.known_providers import every
from keyholder.services.provider_rules import require_unneeded
from keyholder.services.seals import Use, seal
from keyholder.storage.models import Identity, Provider

KEY_TAKEN = _("There is an identity provider with the key {key} already.")
ISSUER_TAKEN = _("{name} has this issuer already: people would be the same ones twice.")
OF_ENVIRONMENT = _("This provider is set up by the environment of the server, and is changed there.")
NOT_TESTED = _("The provider was changed while it was tested. Test it again.")
STILL_ON = _("Switch {provider} off first: that ends the sessions of the people who sign in with it.")


def add(
    *, by: Caller, key: str, name: str, issuer: str, client: str, secret: str, scopes: str = USUAL_SCOPES, text_counts: bool = False
) -> None:
    """Set a provider up, switched off until it was tested. The secret is never shown again (R-KEY-2).

    Raises Invalid for what can't be used, Conflict where the key or the issuer is taken.
    """
    row = Provider(
        key=clean_provider_key(key),
        name=clean_name(name),
        issuer=clean_issuer(issuer),
        client=clean_credential(client, "client"),
        secret=seal(clean_credential(secret, "secret"), Use.PROVIDER),
        scopes=clean_scopes(scopes),
        text_counts=text_counts,
    )
    with acting(by, tenants.of_instance) as act:
        act.authority.require_operator()
        if any(known.key == row.key for known in every()):
            raise Conflict("key_taken", sentence(KEY_TAKEN, key=row.key), place="key")
        _require_own_issuer(row)
        act.record(_about(act.ledger.add(row), "provider.added"))


def change(
    *, by: Caller, provider: str, name: str, issuer: str, client: str, secret: str = "", scopes: str, text_counts: bool = False
) -> None:
    """Change a provider; without a secret the present one stays. Another issuer has to be tested: it is switched off until then."""
    new = {
        "name": clean_name(name),
        "issuer": clean_issuer(issuer),
        "client": clean_credential(client, "client"),
        "scopes": clean_scopes(scopes),
        "text_counts": text_counts,
    }
    sealed = {"secret": seal(clean_credential(secret, "secret"), Use.PROVIDER)} if secret else {}
    with acting(by, tenants.of_instance) as act:
        row = _row(act, provider)
        if row.issuer != new["issuer"]:
            require_unneeded(row.issuer)
            _end_sessions(row)
            new["enabled"] = False
        if act.ledger.change(row, **new, **sealed):
            _require_own_issuer(row)
            act.record(_about(row, "provider.changed"))


def enable(*, by: Caller, provider: str, discovery: Discovery) -> None:
    """Switch a provider on, once its description was fetched and judged: the test. Raises Conflict where that was another issuer's."""
    with acting(by, tenants.of_instance) as act:
        row = _row(act, provider)
        if row.issuer != discovery.issuer:
            raise Conflict("not_tested", sentence(NOT_TESTED))
        if act.ledger.change(row, enabled=True):
            act.record(_about(row, "provider.enabled"))


def disable(*, by: Caller, provider: str) -> None:
    """Switch a provider off: nobody signs in with it, and the sessions of everybody linked with it end (R-OIDC-9).

    Raises Conflict where an organization lets people in only through it.
    """
    with acting(by, tenants.of_instance) as act:
        row = _row(act, provider)
        require_unneeded(row.issuer)
        if act.ledger.change(row, enabled=False):
            _end_sessions(row)
            act.record(_about(row, "provider.disabled"))


def remove(*, by: Caller, provider: str) -> None:
    """Remove a provider that is switched off, with the links of people to it; their accounts stay."""
    with acting(by, tenants.of_instance) as act:
        row = _row(act, provider)
        if row.enabled:
            raise Conflict("still_on", sentence(STILL_ON, provider=row.name))
        event = _about(row, "provider.removed")
        act.ledger.remove_all(Identity.objects.filter(issuer=row.issuer))
        act.ledger.remove(row)
        act.record(event)


def _row(act: Act, provider: str) -> Provider:
    act.authority.require_operator()
    if provider in settings.OIDC_PROVIDERS:
        raise Conflict("of_environment", sentence(OF_ENVIRONMENT))
    row = Provider.objects.filter(key=provider).first()
    if row is None:
        raise not_there()
    return row


def _require_own_issuer(row: Provider) -> None:
    other = next((known for known in every() if known.issuer == row.issuer and known.key != row.key), None)
    if other is not None:
        raise Conflict("issuer_taken", sentence(ISSUER_TAKEN, name=other.name), place="issuer")


def _end_sessions(row: Provider) -> None:
    for user in Identity.objects.filter(issuer=row.issuer).values_list("user", flat=True):
        sessions.end_all(PrincipalId(user))


def _about(row: Provider, action: str) -> Event:
    return Event(action, "provider", row.pk, details={"provider": row.name})
