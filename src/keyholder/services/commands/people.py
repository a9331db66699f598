"""People: making them, suspending them everywhere, passwords, and who runs the instance (semantics 2)."""

from django.conf import settings
from django.contrib.auth.hashers import make_password

from keyholder.domain.addresses import Address
from keyholder.domain.characters import escaped
from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, PrincipalKind
from keyholder.domain.names import LONGEST_NAME, clean_name, name_key
from keyholder.domain.principals import Status
from keyholder.domain.refusals import Conflict, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import passwords, request_rows, scopes, sessions
from keyholder.services.acting import Act, acting
from keyholder.services.address_proofs import drop_pending
from keyholder.services.caller import Caller
from keyholder.services.commands.finding import user_row
from keyholder.services.notices import post_about_password
from keyholder.storage import requests, tenancy, traces
from keyholder.storage.models import Principal, ServiceAccount, User

KNOWN_ADDRESS = _("There is a person with the address {address} already.")
UNKNOWN_LANGUAGE = _("There is no language {language} here.")
KNOWN_SERVICE = _("There is a service account named {name} already.")


def create_user(*, by: Caller, email: str, name: str = "", operator: bool = False, password: str | None = None) -> PrincipalId:
    """Make a person of an address; without a name the address stands for it. Only an operator may (R044).

    Raises Invalid for what is no address or no name, Conflict where the canonical address is taken.
    """
    address = Address.of(email)
    shown = clean_name(name or address.canonical[:LONGEST_NAME])
    if password is not None:
        passwords.check(password, address.canonical, shown)
    hashed = make_password(password)
    with acting(by, scopes.of_instance) as act:
        act.authority.require_operator()
        if User.objects.filter(canonical=address.canonical).exists():
            raise Conflict("address_taken", sentence(KNOWN_ADDRESS, address=address.shown))
        row = add_user(act, address, shown, operator=operator, hashed=hashed)
        act.record(_about(row, "user.created"))
        return PrincipalId(row.pk)


def add_user(
    act: Act,
    address: Address,
    name: str,
    *,
    operator: bool = False,
    status: Status = Status.ACTIVE,
    hashed: str = "",
    verified: bool = False,
    language: str = "",
) -> User:
    """Write a person's rows, without an event of their own."""
    principal = act.ledger.add(Principal(kind=PrincipalKind.USER.value))
    row = User(
        principal=principal,
        email=address.shown,
        canonical=address.canonical,
        name=name,
        name_key=name_key(name),
        search_key=search_key(name, address.canonical),
        status=status.value,
        is_operator=operator,
        email_verified=verified,
        language=language,
        password=hashed or make_password(None),
    )
    return act.ledger.add(row)


def search_key(name: str, canonical: str) -> str:
    """Return what a search looks through: the folded name and the canonical address."""
    return f"{name_key(name)} {canonical}"


def create_service_account(*, by: Caller, name: str) -> PrincipalId:
    """Make a service account: for machines, never a manager, never signs in. Only an operator may."""
    shown = clean_name(name)
    with acting(by, scopes.of_instance) as act:
        act.authority.require_operator()
        if ServiceAccount.objects.filter(name_key=name_key(shown)).exists():
            raise Conflict("name_taken", sentence(KNOWN_SERVICE, name=shown))
        principal = act.ledger.add(Principal(kind=PrincipalKind.SERVICE_ACCOUNT.value))
        row = act.ledger.add(ServiceAccount(principal=principal, name=shown, name_key=name_key(shown)))
        act.record(Event("service_account.created", "service_account", row.pk, subject=PrincipalId(row.pk), details={"subject": row.name}))
        return PrincipalId(row.pk)


def rename_user(*, by: Caller, user: PrincipalId, name: str) -> None:
    """Change a person's name: their own, or anybody's by an operator."""
    shown = clean_name(name)
    with acting(by, scopes.of_instance) as act:
        row = _own_or_any(act, user)
        before = row.name
        if act.ledger.change(row, name=shown, name_key=name_key(shown), search_key=search_key(shown, row.canonical)):
            act.record(_about(row, "user.renamed", before=before, after=shown))


def suspend(*, by: Caller, user: PrincipalId, reason: str = "") -> None:
    """Suspend a person everywhere: nothing is effective from the next decision on, sessions end, nothing is deleted (R-SES-2).

    Only an operator may. Raises Conflict where the person is the last standing manager of an account, the last admin of an
    organization or the last operator.
    """
    _set_status(by, user, Status.SUSPENDED, reason)


def activate(*, by: Caller, user: PrincipalId, reason: str = "") -> None:
    """Make a suspended person active again: what they held counts again. Only an operator may."""
    _set_status(by, user, Status.ACTIVE, reason)


def appoint_operator(*, by: Caller, user: PrincipalId) -> None:
    """Make a person an operator of the instance. Only an operator may; it gives no permission at any resource."""
    _set_operator(by, user, operator=True, action="user.operator_appointed")


def dismiss_operator(*, by: Caller, user: PrincipalId) -> None:
    """End a person being an operator; the last one stays (I-MG-2)."""
    _set_operator(by, user, operator=False, action="user.operator_dismissed")


def set_password(*, by: Caller, user: PrincipalId, password: str) -> None:
    """Set a person's password: their own, or anybody's by an operator; all their sessions end (R-SES-2, R-PWD-2)."""
    hashed = make_password(passwords.hashable(password))
    with acting(by, scopes.of_instance) as act:
        row = _own_or_any(act, user)
        passwords.check(password, row.canonical, row.name)
        row.password = hashed
        row.save(update_fields=["password"])
        sessions.end_all(user)
        drop_pending(act, row)
        act.record(_about(row, "user.password_set"))
        post_about_password(act, row, "changed")


def choose_language(*, by: Caller, language: str) -> None:
    """Remember the language a person reads; raises Invalid for one that this instance does not speak."""
    if language not in dict(settings.LANGUAGES):
        raise Invalid("language", sentence(UNKNOWN_LANGUAGE, language=escaped(language)), place="language")
    if by.principal is None:
        return
    with acting(by, scopes.of_instance) as act:
        row = user_row(by.principal)
        if act.ledger.change(row, language=language):
            act.record(_about(row, "user.language_chosen", language=language))


def _own_or_any(act: Act, user: PrincipalId) -> User:
    """Return the caller's own person, or for an operator anybody's; to everybody else it is not said who exists."""
    if user != act.by.principal:
        act.authority.require_operator()
    return user_row(user)


def tell_status(act: Act, row: User, reason: str = "") -> None:
    """Tell that a person's status was changed, in every tenant that knows them; who is suspended is shut out, their requests are closed."""
    user, is_out = PrincipalId(row.pk), row.status == Status.SUSPENDED.value
    if is_out:
        shut_out(act, row)
    action = "user.suspended" if is_out else "user.activated"
    act.record(_about(row, action, reason=reason), also=tenancy.of_holdings([user]))
    if is_out:
        request_rows.close(act, requests.open_in(None, user))


def shut_out(act: Act, row: User) -> None:
    """End whatever would let a person in, now or later: sessions, links, addresses that wait for a proof (R-SES-2)."""
    sessions.end_all(PrincipalId(row.pk))
    drop_pending(act, row)
    traces.forget_proofs(PrincipalId(row.pk))


def _set_status(by: Caller, user: PrincipalId, status: Status, reason: str) -> None:
    with acting(by, scopes.of_people([user]), alone=True) as act:
        act.authority.require_operator()
        row = user_row(user)
        if act.ledger.change(row, status=status.value):
            tell_status(act, row, reason)


def _set_operator(by: Caller, user: PrincipalId, *, operator: bool, action: str) -> None:
    with acting(by, scopes.of_people([user]), alone=True) as act:
        act.authority.require_operator()
        row = user_row(user)
        if act.ledger.change(row, is_operator=operator):
            act.record(_about(row, action))


def _about(row: User, action: str, *, reason: str = "", **details: str) -> Event:
    return Event(action, "user", row.pk, subject=PrincipalId(row.pk), details={"subject": row.name, **details}, reason=reason)
