"""Every command there is, each ready to change something in the cast's world: for what has to hold whatever is done.

A command that is added to the house enters this table; a test compares the two.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from keyholder.domain import codes
from keyholder.domain.addresses import Address
from keyholder.domain.events import Channel
from keyholder.domain.factors import Kind
from keyholder.domain.identifiers import AssetId, PrincipalId, ResourceId, ResourceRef
from keyholder.domain.invitations import Link
from keyholder.domain.letters import LetterKind
from keyholder.domain.mail_settings import Security
from keyholder.domain.moving import Way
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.providers import External, read_discovery
from keyholder.domain.state import State, UserState
from keyholder.domain.windows import Window
from keyholder.services import commands, reset_links
from keyholder.services.caller import Caller
from keyholder.services.commands import (
    accepting,
    additions,
    address_changes,
    applied_assets,
    asking_again,
    assets,
    assignments,
    bindings,
    editing,
    factors,
    founding,
    group_deletion,
    group_members,
    group_welcoming,
    groups,
    identities,
    invitations,
    inviting,
    link_requests,
    lost_factors,
    mail_settings,
    moving,
    nesting,
    organization_links,
    organization_notes,
    organization_removal,
    organization_roles,
    organizations,
    outbox,
    ownership,
    people,
    person_deletion,
    provider_rules,
    providers,
    purging,
    removal,
    requests,
    resets,
    resources,
    second_factor_rules,
    sessions,
    signing_in,
    state,
    trashing,
    welcoming,
)
from keyholder.services.commands.assets import NewAsset
from keyholder.services.commands.factors import NewAuthenticator
from keyholder.services.commands.inviting import Wish
from keyholder.services.commands.resources import NewResource
from keyholder.services.factors import Step
from keyholder.services.invitation_links import opened
from keyholder.services.offers import offers_of
from keyholder.services.queries.invitation_page import invitation_page
from keyholder.services.sessions import handle_of
from keyholder.storage import blueprints
from keyholder.storage.models import AccessRequest, Authenticator, Identity, Invitation, Letter, LinkRequest, Session
from tests.cast import NOW, OPERATOR, Cast, caller, resource
from tests.services import mailing

Command = Callable[[], object]
OUTSIDE = {
    "outbox.forget": "a worker's: letters that nobody looks up any more",
    "outbox.lease": "a worker's: takes a letter, by which nobody decides",
    "outbox.note_fault": "a worker's: why a letter was not taken",
    "outbox.note_sent": "a worker's: that a letter was taken",
    "address_changes.drop": "drops what waits to be proven, which is no fact yet",
    "backups.back_up": "reads everything and writes a file",
    "backups.restore": "brings a whole database with its log",
    "identities.note_refusal": "writes down that a provider's answer was not believed",
    "provider_sign_ins.begin": "remembers that somebody goes to a provider",
    "provider_sign_ins.take": "forgets that somebody went to a provider",
    "rehearsals.rehearse": "takes back what it did",
    "resets.ask": "counts how often it is asked, for whatever address",
    "factors.add_passkey": "needs a browser: tested where one answers",
    "factors.enrol_passkey": "the same",
    "factors.confirm_passkey": "the same",
    "factors.prove_passkey": "the same, and changes no fact",
    "factors.sign_in_with_passkey": "the same",
    "schema.migrate": "makes the tables, before there is a log",
    "schema.settle": "computes masks anew from what the log tells",
    "signing_in.prove_password": "looks at a password",
    "signing_in.note_seen": "remembers that somebody was here, which nobody decides by",
}
"""Those that change no fact, and why each is none."""
PASSWORD = "correct horse battery staple"
NEWCOMER = Caller(None, NOW, Channel.CONSOLE, address="192.0.2.1")
"""Nobody yet, at the console."""
"""Nobody yet, at the console."""
PROVIDER: dict[str, Any] = {"name": "MTS ID", "issuer": "https://id.example", "client": "keyholder", "scopes": "openid email profile"}
DESCRIBED = read_discovery(
    {
        "issuer": PROVIDER["issuer"],
        "authorization_endpoint": "https://id.example/authorize",
        "token_endpoint": "https://id.example/token",
        "jwks_uri": "https://id.example/keys",
        "userinfo_endpoint": "https://id.example/me",
    },
    PROVIDER["issuer"],
)
"""What the provider says about itself."""
RANDOM = bytes(range(32))
TOMORROW = Window(ends_at=NOW.replace(day=23))


def names() -> set[str]:
    """Return the commands of the house: functions of that room that say by whom."""
    found = set()
    for module in pkgutil.iter_modules(commands.__path__):
        loaded = importlib.import_module(f"{commands.__name__}.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            by = inspect.signature(function).parameters.get("by")
            if function.__module__ == loaded.__name__ and not name.startswith("_") and by and by.kind is by.KEYWORD_ONLY:
                found.add(f"{module.name}.{name}")
    return found


def suspended(cast: Cast) -> Command:
    people.suspend(by=OPERATOR, user=cast.ben)
    return lambda: people.activate(by=OPERATOR, user=cast.ben)


def suspended_within(cast: Cast) -> Command:
    organization_roles.suspend_person(by=OPERATOR, organization=cast.acme, user=cast.ben)
    return lambda: organization_roles.activate_person(by=caller(cast.alice), organization=cast.acme, user=cast.ben)


def appointed(cast: Cast) -> Command:
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
    return lambda: organization_roles.dismiss(by=caller(cast.ben), organization=cast.acme, user=cast.ben)


def two_operators(cast: Cast) -> Command:
    for one in (cast.dan, cast.ben):
        people.appoint_operator(by=OPERATOR, user=one)
    return lambda: people.dismiss_operator(by=caller(cast.dan), user=cast.ben)


def unlinked(cast: Cast) -> Command:
    organization_links.unlink_account(by=OPERATOR, account=cast.account)
    return lambda: organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=cast.account)


def assigned(cast: Cast) -> Command:
    host = resource(None, "host", "h1", "Agency")
    new = NewResource(ResourceRef("host_account", "7"), "Client", host)
    account = resources.create(by=OPERATOR, new=new, administrator=cast.ben)
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=account, role="standard")
    pixel = resource(cast.ben, "pixel", "p1", "Site", account)
    return lambda: assignments.assign(by=caller(cast.ben), at=account, give_to=[(cast.cleo, pixel)])


def owned(cast: Cast) -> tuple[Command, Command]:
    site = resource(cast.alice, "resource", "m", "Site")
    bindings.grant(by=OPERATOR, to=[cast.ben], on=site, role="owner")
    return (
        lambda: ownership.hand_over(
            by=caller(cast.alice), at=site, address="zoe@elsewhere.example", random=bytes(32), in_place_of=cast.alice
        ),
        lambda: ownership.step_down(by=caller(cast.alice), at=site),
    )


def hosted(cast: Cast) -> Command:
    host = resource(None, "host", "h1", "Agency")
    new = NewResource(ResourceRef("host_account", "7"), "Client", host)
    account = resources.create(by=OPERATOR, new=new, administrator=cast.ben)
    return lambda: resources.delegate(by=caller(cast.ben), account=account, managed=False)


def with_password(cast: Cast) -> Command:
    people.set_password(by=OPERATOR, user=cast.ben, password=PASSWORD)
    return lambda: signing_in.sign_in(by=caller(cast.ben), email="ben@acme.example", password=PASSWORD)


def another_password(cast: Cast) -> Command:
    people.set_password(by=OPERATOR, user=cast.ben, password=PASSWORD)
    return lambda: signing_in.change_password(by=caller(cast.ben), old=PASSWORD, new=f"{PASSWORD}!")


def asked(cast: Cast) -> int:
    """Let Cleo ask for more, and return the request's number."""
    requests.ask(by=caller(cast.cleo), at=ResourceRef("view", "1001"), permissions=["edit"])
    return AccessRequest.objects.latest("pk").pk


def approving(cast: Cast) -> Command:
    number = asked(cast)
    return lambda: requests.approve(random=bytes(32), by=caller(cast.alice), request=number, permissions=["collaborate"], window=TOMORROW)


def refusing(cast: Cast) -> Command:
    number = asked(cast)
    return lambda: requests.refuse(by=caller(cast.alice), request=number, answer="Not now")


def withdrawing(cast: Cast) -> Command:
    number = asked(cast)
    return lambda: requests.withdraw(by=caller(cast.cleo), request=number)


def provider_added() -> None:
    providers.add(by=OPERATOR, key="mts", secret="a-secret", **PROVIDER)


def provided(command: Command, *, on: bool = True) -> Command:
    provider_added()
    if on:
        providers.enable(by=OPERATOR, provider="mts", discovery=DESCRIBED)
    return command


def linked(cast: Cast) -> Command:
    provided(lambda: None)()
    identities.link(by=caller(cast.ben), said=said_of("ben"))
    people.set_password(by=OPERATOR, user=cast.ben, password=PASSWORD)
    number = Identity.objects.get(user=cast.ben).pk
    return lambda: identities.unlink(by=caller(cast.ben), identity=number)


def known_to_a_provider(cast: Cast) -> Command:
    linked(cast)
    return lambda: identities.enter(by=caller(cast.ben), said=said_of("ben"))


def providing(cast: Cast) -> Command:
    provided(lambda: None)()
    identities.link(by=caller(cast.alice), said=said_of("alice"))
    return lambda: provider_rules.choose(by=caller(cast.alice), organization=cast.acme, provider="mts")


def switched_off(cast: Cast) -> Command:
    linked(cast)
    providers.disable(by=OPERATOR, provider="mts")
    return lambda: providers.remove(by=OPERATOR, provider="mts")


def said_of(name: str, subject: str = "", address: str = "") -> External:
    return External("MTS ID", PROVIDER["issuer"], subject or f"{name}-1", Address.of(address or f"{name}@acme.example"))


def reset_asked(cast: Cast) -> Command:
    mailing.begin()
    return lambda: resets.mail_asked(by=caller(cast.ben), email="ben@acme.example")


def reset_mailed(cast: Cast) -> Command:
    mailing.begin()
    return lambda: resets.mail_link(by=caller(cast.alice), user=cast.ben)


def reset_used(cast: Cast) -> Command:
    secret = resets.copy_link(by=OPERATOR, user=cast.ben, random=RANDOM)
    ticket = reset_links.read(secret)
    assert ticket is not None
    return lambda: resets.use(by=caller(cast.ben), ticket=ticket, password=PASSWORD)


def address_asked(cast: Cast) -> Command:
    mailing.begin()
    return lambda: address_changes.ask(by=caller(cast.ben), email="benedict@acme.example")


def address_proven(cast: Cast) -> Command:
    address_asked(cast)()
    (letter,) = mailing.letters(LetterKind.ADDRESS_PROOF)
    return lambda: address_changes.prove(by=caller(cast.ben), number=letter.about, generation=letter.generation)


def admitted(cast: Cast) -> Command:
    return lambda: signing_in.admit(by=caller(None), user=cast.ben, how=signing_in.How.PROVIDER)


def authenticator(cast: Cast) -> NewAuthenticator:
    """Return an authenticator that shows its first code."""
    secret = codes.secret_of(bytes(20))
    return NewAuthenticator("Telephone", secret, codes.totp(bytes(20), codes.step_at(NOW)), bytes(range(100)))


def with_authenticator(act: Callable[[Cast, int, tuple[str, ...]], object]) -> Callable[[Cast], Command]:
    """Let Ben have an authenticator and recovery codes; then do something with them."""

    def ready(cast: Cast) -> Command:
        made = factors.add_authenticator(by=caller(cast.ben), new=authenticator(cast))
        number = Authenticator.objects.get().pk
        return lambda: act(cast, number, made)

    return ready


def signed_in_elsewhere(act: Callable[[Cast, str], object]) -> Callable[[Cast], Command]:
    """Let Ben be signed in in another browser; then do something with that session."""

    def ready(cast: Cast) -> Command:
        Session.objects.create(session_key="elsewhere", session_data="", expire_date=NOW, user=cast.ben, is_open=True)
        return lambda: act(cast, "elsewhere")

    return ready


def admission(cast: Cast) -> signing_in.Admission:
    return signing_in.Admission(cast.ben, "password", Step.SECOND)


def invited(cast: Cast, *, by: PrincipalId | None = None, address: str = "dan@acme.example") -> Link:
    """Let Alice, or somebody else, invite an address to read the view and to join the interns, and return the copied link."""
    wish = Wish(["read_analyze"], groups=[cast.interns])
    (sent,) = inviting.invite(by=caller(by or cast.alice), at=cast.view, addresses=[address], random=[bytes(32)], wish=wish)
    return opened(by=caller(None), secret=sent.secret)


def accepted(cast: Cast) -> Command:
    link = invited(cast)
    return lambda: accepting.accept(by=caller(cast.dan), link=link, seen=fingerprint(link, cast.dan))


def accepted_by_a_newcomer(cast: Cast) -> Command:
    link = invited(cast, address="eve@acme.example")
    seen = fingerprint(link)
    return lambda: accepting.accept_with_password(by=caller(None), link=link, seen=seen, name="Eve", password=PASSWORD)


def accepted_by_what_is_proven(cast: Cast) -> Command:
    link = invited(cast, address="eve@acme.example")
    judged = invitation_page(by=NEWCOMER, link=link, proven="eve@acme.example")
    return lambda: accepting.accept_as_proven(by=caller(None), link=link, seen=judged.fingerprint, said=said_of("eve"), name="Eve")


def declining(cast: Cast) -> Command:
    link = invited(cast)
    return lambda: accepting.decline(by=caller(cast.dan), link=link)


def asking_again_for_it(cast: Cast) -> Command:
    link = invited(cast)
    invitations.revoke(by=caller(cast.alice), invitation=link.invitation)
    return lambda: asking_again.ask(by=caller(cast.dan), link=link, reason="Please")


def asset_of(cast: Cast, kind: str, name: str = "Paying") -> AssetId:
    """Let Cleo make a personal segment, or Ben what belongs to a node."""
    who, at = {"segment": (cast.cleo, cast.view), "goal": (cast.ben, cast.view), "filter": (cast.ben, cast.account)}[kind]
    return assets.create(by=caller(who), at=at, new=NewAsset(kind, name))


def with_asset(kind: str, command: Callable[[Cast, AssetId], object]) -> Callable[[Cast], Command]:
    """Let there be an asset; then do something with it."""

    def ready(cast: Cast) -> Command:
        asset = asset_of(cast, kind)
        return lambda: command(cast, asset)

    return ready


def applied(cast: Cast) -> Command:
    asset = asset_of(cast, "filter")
    applied_assets.apply(by=caller(cast.ben), asset=asset, to=cast.view)
    return lambda: applied_assets.withdraw(by=caller(cast.ben), asset=asset, of=cast.view)


def application(cast: Cast) -> Command:
    host = resource(None, "host", "h1", "Agency")
    new = NewResource(ResourceRef("host_account", "7"), "Client", host)
    account = resources.create(by=OPERATOR, new=new, administrator=cast.ben)
    asset = assets.create(by=caller(cast.ben), at=account, new=NewAsset("application", "Shop"))
    return lambda: assets.mark(by=caller(cast.ben), asset=asset, marked=True)


def handling(cast: Cast, command: Callable[[Caller, int], object]) -> Command:
    """Let Alice do something with an invitation that she sent."""
    link = invited(cast)
    return lambda: command(caller(cast.alice), link.invitation)


def fingerprint(link: Link, person: PrincipalId | None = None, *, verified: bool = False, at: datetime = NOW) -> str:
    """Return what somebody is shown who opens a link."""
    row = Invitation.objects.select_related("account").get(pk=link.invitation)
    return offers_of(blueprints.catalogue(), row, at, person=person, verified=verified).fingerprint


def demoted(cast: Cast) -> Command:
    """Let somebody invite who may not any more."""
    bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
    link = invited(cast, by=cast.ben)
    organization_roles.dismiss(by=OPERATOR, organization=cast.acme, user=cast.ben)
    bindings.take(by=OPERATOR, of=[cast.ben], on=cast.account, permissions=["manage_users"])
    return lambda: invitations.take_over(by=caller(cast.alice), invitation=link.invitation)


def moved(cast: Cast) -> Command:
    """Let Alice move the property to another account of hers, with the access that people have there."""
    market = resource(cast.alice, "account", "200", "Market")
    return lambda: moving.move(by=caller(cast.alice), resource=cast.property, to=market, way=Way.KEEP)


def trashed(cast: Cast, command: Callable[[], object]) -> Command:
    """Put the property into the trash; then do something with it."""
    trashing.trash(by=caller(cast.ben), resource=cast.property)
    return command


def link_asked(cast: Cast, answer: Callable[[Caller, int], object], *, asker: bool = False) -> Command:
    """Let Dan ask Acme to take his account in, and Alice answer, or him withdraw it."""
    market = resource(cast.dan, "account", "200", "Market")
    link_requests.ask_organization(by=caller(cast.dan), account=market, organization="acme")
    number = LinkRequest.objects.latest("pk").pk
    return lambda: answer(caller(cast.dan if asker else cast.alice), number)


def asking_for_a_link(cast: Cast) -> Command:
    market = resource(cast.dan, "account", "200", "Market")
    return lambda: link_requests.ask_organization(by=caller(cast.dan), account=market, organization="acme")


def noted(cast: Cast) -> Command:
    number = organization_notes.add(by=OPERATOR, organization=cast.acme, user=cast.cleo, text="Leaves in May")
    return lambda: organization_notes.remove(by=caller(cast.alice), organization=cast.acme, note=number)


def made(kind: str, key: str, parent: ResourceId | None = None) -> NewResource:
    return NewResource(ResourceRef(kind, key), f"New {key}", parent)


SEVERAL = State(
    users=(
        UserState("eve@acme.example", "eve@acme.example", "Eve"),
        UserState("ben@acme.example", "ben@acme.example", "Benedict"),
        UserState("cleo@acme.example", "cleo@acme.example", "Cleo", Status.SUSPENDED),
    )
)
"""Adds somebody, renames somebody and suspends somebody."""
ENFORCED = Policy(PolicyMode.ENFORCED, allowed_domains=("acme.example",))
MAIL = {"host": "mail.acme.example", "port": 587, "security": Security.STARTTLS, "sender": "keyholder@acme.example"}


def with_letters(command: Callable[..., object]) -> Command:
    """Have a mail server, and a letter that was given up."""
    mail_settings.configure(by=OPERATOR, **MAIL)  # type: ignore[arg-type]  # of their own types
    Letter.objects.create(
        kind="test", recipient="ben@acme.example", posted_at=NOW, due_at=NOW, settled_at=NOW, state="dead", error="later: busy"
    )
    return lambda: command(by=OPERATOR)


COMMANDS: Mapping[str, Callable[[Cast], Command]] = {
    "address_changes.ask": address_asked,
    "address_changes.prove": address_proven,
    "accepting.accept": accepted,
    "accepting.accept_with_password": accepted_by_a_newcomer,
    "accepting.accept_as_proven": accepted_by_what_is_proven,
    "accepting.decline": declining,
    "applied_assets.apply": with_asset("filter", lambda c, it: applied_assets.apply(by=caller(c.ben), asset=it, to=c.view)),
    "applied_assets.withdraw": applied,
    "assets.change": with_asset("goal", lambda c, it: assets.change(by=caller(c.ben), asset=it, name="Order")),
    "assets.create": lambda c: lambda: asset_of(c, "segment"),
    "assets.delete": with_asset("segment", lambda c, it: assets.delete(by=caller(c.cleo), asset=it)),
    "assets.mark": application,
    "assets.share": with_asset("segment", lambda c, it: assets.share(by=caller(c.cleo), asset=it)),
    "asking_again.ask": asking_again_for_it,
    "additions.add": lambda c: lambda: additions.add(by=caller(c.alice), to=[c.ben], on=c.view, permissions=["edit"], groups=[c.interns]),
    "bindings.grant": lambda c: lambda: bindings.grant(by=caller(c.alice), to=[c.ben, c.cleo], on=c.view, permissions=["edit"]),
    "bindings.move_window": lambda c: lambda: bindings.move_window(by=caller(c.alice), of=[c.ben], on=c.account, to=TOMORROW),
    "bindings.revoke": lambda c: lambda: bindings.revoke(by=caller(c.alice), of=[c.ben], on=c.account),
    "bindings.set_permissions": lambda c: (
        lambda: bindings.set_permissions(by=caller(c.alice), of=c.ben, on=c.account, permissions=["read_analyze"])
    ),
    "bindings.take": lambda c: lambda: bindings.take(by=caller(c.alice), of=[c.ben], on=c.account, permissions=["edit"]),
    "editing.edit": lambda c: lambda: editing.edit(by=caller(c.alice), of=c.ben, on=c.account, permissions=["collaborate"], to=TOMORROW),
    "factors.add_authenticator": lambda c: lambda: factors.add_authenticator(by=caller(c.ben), new=authenticator(c)),
    "factors.confirm_code": with_authenticator(
        lambda c, _n, made: factors.confirm_code(by=caller(c.ben), admission=admission(c), code=made[0])
    ),
    "factors.enrol": lambda c: lambda: factors.enrol(by=caller(c.ben), admission=admission(c), new=authenticator(c)),
    "factors.make_recovery_codes": with_authenticator(
        lambda c, _n, _made: factors.make_recovery_codes(by=caller(c.ben), random=bytes(reversed(range(100))))
    ),
    "factors.prove_code": with_authenticator(lambda c, _n, made: factors.prove_code(by=caller(c.ben), code=made[0])),
    "factors.remove": with_authenticator(lambda c, number, _made: factors.remove(by=caller(c.ben), kind=Kind.AUTHENTICATOR, number=number)),
    "person_deletion.delete": lambda c: lambda: person_deletion.delete(by=OPERATOR, user=c.cleo),
    "lost_factors.remove": with_authenticator(lambda c, _n, _made: lost_factors.remove(by=OPERATOR, user=c.ben)),
    "factors.rename": with_authenticator(
        lambda c, number, _made: factors.rename(by=caller(c.ben), kind=Kind.AUTHENTICATOR, number=number, name="Old telephone")
    ),
    "founding.found": lambda _c: (
        lambda: founding.found(by=OPERATOR, new=made("account", "7"), administrator="eve@else.example", random=b"f" * 32)
    ),
    "group_deletion.delete": lambda c: lambda: group_deletion.delete(by=caller(c.alice), group=c.analysts),
    "group_members.add": lambda c: lambda: group_members.add(by=caller(c.ben), group=c.analysts, members=[c.ben, c.alice]),
    "group_members.leave": lambda c: lambda: group_members.leave(by=caller(c.cleo), group=c.analysts),
    "group_members.move_window": lambda c: (
        lambda: group_members.move_window(by=caller(c.ben), group=c.analysts, member=c.cleo, to=TOMORROW)
    ),
    "group_members.remove": lambda c: lambda: group_members.remove(by=caller(c.ben), group=c.analysts, members=[c.cleo]),
    "group_welcoming.welcome": lambda c: (
        lambda: group_welcoming.welcome(
            by=caller(c.alice), group=c.interns, members=[c.ben], addresses=["eve@else.example"], random=[bytes(32)]
        )
    ),
    "groups.add_owner": lambda c: lambda: groups.add_owner(by=caller(c.ben), group=c.analysts, user=c.cleo),
    "groups.change": lambda c: lambda: groups.change(by=caller(c.ben), group=c.analysts, name="Readers"),
    "groups.create": lambda c: lambda: groups.create(by=caller(c.alice), organization=c.acme, name="New"),
    "groups.create_at": lambda c: lambda: groups.create_at(by=caller(c.alice), at=c.view, name="New", permissions=["edit"]),
    "groups.remove_owner": lambda c: lambda: groups.remove_owner(by=caller(c.alice), group=c.analysts, user=c.ben),
    "mail_settings.configure": lambda _c: lambda: mail_settings.configure(by=OPERATOR, **MAIL),  # type: ignore[arg-type]  # of their own types
    "moving.move": moved,
    "mail_settings.remove": lambda _c: with_letters(mail_settings.remove),
    "invitations.new_link": lambda c: handling(c, lambda by, it: invitations.new_link(by=by, invitation=it, random=b"n" * 32)),
    "invitations.revoke": lambda c: handling(c, lambda by, it: invitations.revoke(by=by, invitation=it, reason="Wrong Dan")),
    "invitations.send_again": lambda c: handling(c, lambda by, it: invitations.send_again(by=by, invitation=it, random=b"s" * 32)),
    "invitations.send_all_again": lambda c: handling(
        c, lambda by, it: invitations.send_all_again(by=by, invitations=[it], random=[b"a" * 32])
    ),
    "invitations.take_over": demoted,
    "inviting.invite": lambda c: lambda: invited(c),
    "link_requests.accept": lambda c: link_asked(c, lambda by, it: link_requests.accept(by=by, request=it)),
    "link_requests.ask_account": lambda c: (
        lambda: link_requests.ask_account(by=caller(c.alice), organization=c.acme, account=ResourceRef("account", "200"))
    ),
    "link_requests.ask_organization": asking_for_a_link,
    "link_requests.refuse": lambda c: link_asked(c, lambda by, it: link_requests.refuse(by=by, request=it, reason="Not ours")),
    "link_requests.withdraw": lambda c: link_asked(c, lambda by, it: link_requests.withdraw(by=by, request=it), asker=True),
    "nesting.nest": lambda c: lambda: nesting.nest(by=caller(c.alice), group=c.interns, into=c.analysts, window=TOMORROW),
    "nesting.unnest": lambda c: lambda: nesting.unnest(by=caller(c.ben), group=c.interns, out_of=c.analysts),
    "organization_links.link_account": unlinked,
    "organization_links.unlink_account": lambda c: lambda: organization_links.unlink_account(by=caller(c.alice), account=c.account),
    "organization_notes.add": lambda c: (
        lambda: organization_notes.add(by=caller(c.alice), organization=c.acme, user=c.cleo, text="Leaves in May")
    ),
    "organization_notes.remove": noted,
    "organization_removal.remove": lambda c: lambda: organization_removal.remove(by=caller(c.alice), organization=c.acme, user=c.cleo),
    "organization_roles.activate_person": suspended_within,
    "organization_roles.appoint": lambda c: (
        lambda: organization_roles.appoint(by=caller(c.alice), organization=c.acme, user=c.cleo, role=OrganizationRole.ADMIN)
    ),
    "organization_roles.dismiss": appointed,
    "organization_roles.suspend_person": lambda c: (
        lambda: organization_roles.suspend_person(by=caller(c.alice), organization=c.acme, user=c.ben)
    ),
    "organizations.change": lambda c: lambda: organizations.change(by=caller(c.alice), organization=c.acme, name="Acme & Co"),
    "organizations.create": lambda c: lambda: organizations.create(by=caller(c.dan), name="Bolt"),
    "organizations.set_policy": lambda c: lambda: organizations.set_policy(by=caller(c.alice), organization=c.acme, policy=ENFORCED),
    "outbox.discard": lambda _c: with_letters(outbox.discard),
    "outbox.retry": lambda _c: with_letters(outbox.retry),
    "people.activate": suspended,
    "people.appoint_operator": lambda c: lambda: people.appoint_operator(by=OPERATOR, user=c.dan),
    "people.choose_language": lambda c: lambda: people.choose_language(by=caller(c.ben), language="lv"),
    "people.create_service_account": lambda _c: lambda: people.create_service_account(by=OPERATOR, name="Robot"),
    "people.create_user": lambda _c: lambda: people.create_user(by=OPERATOR, email="eve@acme.example", name="Eve"),
    "people.dismiss_operator": two_operators,
    "people.rename_user": lambda c: lambda: people.rename_user(by=caller(c.ben), user=c.ben, name="Benedict"),
    "people.set_password": lambda c: lambda: people.set_password(by=caller(c.ben), user=c.ben, password=PASSWORD),
    "people.suspend": lambda c: lambda: people.suspend(by=OPERATOR, user=c.cleo),
    "removal.give_up": lambda c: lambda: removal.give_up(by=caller(c.ben), on=c.account),
    "removal.remove": lambda c: lambda: removal.remove(by=caller(c.alice), who=[c.ben, c.cleo], at=c.account),
    "requests.approve": approving,
    "requests.ask": lambda c: lambda: requests.ask(by=caller(c.dan), at=ResourceRef("view", "1001"), reason="Please"),
    "requests.refuse": refusing,
    "requests.withdraw": withdrawing,
    "identities.enter": known_to_a_provider,
    "identities.link": lambda c: provided(lambda: identities.link(by=caller(c.ben), said=said_of("ben"))),
    "identities.unlink": linked,
    "providers.add": lambda _c: provider_added,
    "providers.change": lambda _c: provided(lambda: providers.change(by=OPERATOR, provider="mts", **{**PROVIDER, "name": "MTS"})),
    "providers.disable": lambda _c: provided(lambda: providers.disable(by=OPERATOR, provider="mts")),
    "providers.enable": lambda _c: provided(lambda: providers.enable(by=OPERATOR, provider="mts", discovery=DESCRIBED), on=False),
    "providers.remove": switched_off,
    "resets.copy_link": lambda c: lambda: resets.copy_link(by=OPERATOR, user=c.ben, random=RANDOM),
    "resets.mail_asked": reset_asked,
    "resets.mail_link": reset_mailed,
    "resets.use": reset_used,
    "assignments.assign": assigned,
    "ownership.hand_over": lambda c: owned(c)[0],
    "ownership.step_down": lambda c: owned(c)[1],
    "resources.create": lambda c: lambda: resources.create(by=caller(c.ben), new=made("property", "UA-2", c.account)),
    "resources.delegate": hosted,
    "resources.rename": lambda c: lambda: resources.rename(by=caller(c.ben), resource=c.view, name="Everything"),
    "provider_rules.choose": providing,
    "second_factor_rules.choose": lambda c: lambda: second_factor_rules.choose(by=caller(c.alice), organization=c.acme, asked=True),
    "sessions.end_of": signed_in_elsewhere(lambda c, _key: sessions.end_of(by=OPERATOR, user=c.ben)),
    "sessions.end_one": signed_in_elsewhere(lambda c, key: sessions.end_one(by=caller(c.ben), handle=handle_of(key))),
    "sessions.end_others": signed_in_elsewhere(lambda c, _key: sessions.end_others(by=caller(c.ben), keep="this")),
    "signing_in.admit": admitted,
    "signing_in.change_password": another_password,
    "signing_in.sign_in": with_password,
    "signing_in.sign_out_everywhere": lambda c: lambda: signing_in.sign_out_everywhere(by=caller(c.ben)),
    "welcoming.welcome": lambda c: (
        lambda: welcoming.welcome(
            by=caller(c.alice),
            on=c.view,
            to=[c.ben],
            addresses=["eve@else.example"],
            random=[bytes(32)],
            wish=Wish(["edit"], groups=[c.interns]),
        )
    ),
    "trashing.trash": lambda c: lambda: trashing.trash(by=caller(c.ben), resource=c.property),
    "trashing.restore": lambda c: trashed(c, lambda: trashing.restore(by=caller(c.ben), resource=c.property)),
    "purging.purge": lambda c: trashed(c, lambda: purging.purge(by=OPERATOR, resource=c.property, early=True)),
    "state.apply": lambda _c: lambda: state.apply(by=OPERATOR, state=SEVERAL),
}
