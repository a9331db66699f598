"""Every command there is, each ready to change something in the cast's world: for what has to hold whatever is done.

A command that is added to the house enters this table; a test compares the two.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping

from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.domain.mail_settings import Security
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.state import State, UserState
from keyholder.domain.windows import Window
from keyholder.services import commands
from keyholder.services.commands import (
    additions,
    bindings,
    editing,
    group_deletion,
    group_members,
    groups,
    mail_settings,
    nesting,
    organization_links,
    organization_roles,
    organizations,
    outbox,
    people,
    removal,
    resources,
    signing_in,
    state,
)
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Letter
from tests.cast import NOW, OPERATOR, Cast, caller, resource

Command = Callable[[], object]
OUTSIDE = {
    "outbox.forget": "a worker's: letters that nobody looks up any more",
    "outbox.lease": "a worker's: takes a letter, by which nobody decides",
    "outbox.note_fault": "a worker's: why a letter was not taken",
    "outbox.note_sent": "a worker's: that a letter was taken",
    "backups.back_up": "reads everything and writes a file",
    "backups.restore": "brings a whole database with its log",
    "rehearsals.rehearse": "takes back what it did",
    "schema.migrate": "makes the tables, before there is a log",
    "schema.settle": "computes masks anew from what the log tells",
    "signing_in.note_seen": "remembers that somebody was here, which nobody decides by",
}
"""Those that change no fact, and why each is none."""
PASSWORD = "correct horse battery staple"
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


def mailing(command: Callable[..., object]) -> Command:
    """Have a mail server, and a letter that was given up."""
    mail_settings.configure(by=OPERATOR, **MAIL)  # type: ignore[arg-type]  # of their own types
    Letter.objects.create(
        kind="test", recipient="ben@acme.example", posted_at=NOW, due_at=NOW, settled_at=NOW, state="dead", error="later: busy"
    )
    return lambda: command(by=OPERATOR)


COMMANDS: Mapping[str, Callable[[Cast], Command]] = {
    "additions.add": lambda c: lambda: additions.add(by=caller(c.alice), to=[c.ben], on=c.view, permissions=["edit"], groups=[c.interns]),
    "bindings.grant": lambda c: lambda: bindings.grant(by=caller(c.alice), to=[c.ben, c.cleo], on=c.view, permissions=["edit"]),
    "bindings.move_window": lambda c: lambda: bindings.move_window(by=caller(c.alice), of=[c.ben], on=c.account, to=TOMORROW),
    "bindings.revoke": lambda c: lambda: bindings.revoke(by=caller(c.alice), of=[c.ben], on=c.account),
    "bindings.set_permissions": lambda c: (
        lambda: bindings.set_permissions(by=caller(c.alice), of=c.ben, on=c.account, permissions=["read_analyze"])
    ),
    "bindings.take": lambda c: lambda: bindings.take(by=caller(c.alice), of=[c.ben], on=c.account, permissions=["edit"]),
    "editing.edit": lambda c: lambda: editing.edit(by=caller(c.alice), of=c.ben, on=c.account, permissions=["collaborate"], to=TOMORROW),
    "group_deletion.delete": lambda c: lambda: group_deletion.delete(by=caller(c.alice), group=c.analysts),
    "group_members.add": lambda c: lambda: group_members.add(by=caller(c.ben), group=c.analysts, members=[c.ben, c.alice]),
    "group_members.leave": lambda c: lambda: group_members.leave(by=caller(c.cleo), group=c.analysts),
    "group_members.move_window": lambda c: (
        lambda: group_members.move_window(by=caller(c.ben), group=c.analysts, member=c.cleo, to=TOMORROW)
    ),
    "group_members.remove": lambda c: lambda: group_members.remove(by=caller(c.ben), group=c.analysts, members=[c.cleo]),
    "groups.add_owner": lambda c: lambda: groups.add_owner(by=caller(c.ben), group=c.analysts, user=c.cleo),
    "groups.change": lambda c: lambda: groups.change(by=caller(c.ben), group=c.analysts, name="Readers"),
    "groups.create": lambda c: lambda: groups.create(by=caller(c.alice), organization=c.acme, name="New"),
    "groups.create_at": lambda c: lambda: groups.create_at(by=caller(c.alice), at=c.view, name="New", permissions=["edit"]),
    "groups.remove_owner": lambda c: lambda: groups.remove_owner(by=caller(c.alice), group=c.analysts, user=c.ben),
    "mail_settings.configure": lambda _c: lambda: mail_settings.configure(by=OPERATOR, **MAIL),  # type: ignore[arg-type]  # of their own types
    "mail_settings.remove": lambda _c: mailing(mail_settings.remove),
    "nesting.nest": lambda c: lambda: nesting.nest(by=caller(c.alice), group=c.interns, into=c.analysts, window=TOMORROW),
    "nesting.unnest": lambda c: lambda: nesting.unnest(by=caller(c.ben), group=c.interns, out_of=c.analysts),
    "organization_links.link_account": unlinked,
    "organization_links.unlink_account": lambda c: lambda: organization_links.unlink_account(by=caller(c.alice), account=c.account),
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
    "outbox.discard": lambda _c: mailing(outbox.discard),
    "outbox.retry": lambda _c: mailing(outbox.retry),
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
    "resources.create": lambda c: lambda: resources.create(by=caller(c.ben), new=made("property", "UA-2", c.account)),
    "resources.delegate": hosted,
    "resources.rename": lambda c: lambda: resources.rename(by=caller(c.ben), resource=c.view, name="Everything"),
    "signing_in.change_password": another_password,
    "signing_in.sign_in": with_password,
    "signing_in.sign_out_everywhere": lambda c: lambda: signing_in.sign_out_everywhere(by=caller(c.ben)),
    "state.apply": lambda _c: lambda: state.apply(by=OPERATOR, state=SEVERAL),
}
