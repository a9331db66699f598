"""Pairs of commands that break something when they run at the same moment without their locks. Each try begins with what it needs anew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.domain.moving import Way
from keyholder.domain.windows import Window
from keyholder.services.commands import accepting, bindings, moving, nesting, people, removal, requests, resources
from keyholder.services.commands.resources import NewResource
from keyholder.storage import blueprints, guards
from keyholder.storage.models import AccessRequest, Binding, Event, Membership, Resource
from tests.cast import NOW, OPERATOR, Cast, caller, group, person, resource
from tests.services.inviting_people import invite, link_of, seen

Command = Callable[[], object]


@dataclass(frozen=True)
class Try:
    """Two commands to be started at once, and whether what results breaks a rule."""

    one: Command
    other: Command
    is_broken: Callable[[], bool]


@dataclass(frozen=True)
class Race:
    """How a try is made; which checks guard it, by the names under which they are called; and whether always one of the two is refused."""

    begin: Callable[[Cast, int], Try]
    checks: tuple[str, ...]
    one_is_refused: bool = True
    within_one_tenant: bool = True
    """Both write to the same log, so that its numbers would catch what the locks let through."""
    held_by_tables: bool = False
    """The tables themselves would catch it as well: one binding for a principal, a resource and a window."""


def removing_each_other(cast: Cast, _number: int) -> Try:
    """Let two managers remove each other: somebody has to stay."""
    bindings.grant(by=OPERATOR, to=[cast.alice, cast.ben], on=cast.account, permissions=["manage_users"])
    return Try(
        lambda: removal.remove(by=caller(cast.alice), who=[cast.ben], at=cast.account),
        lambda: removal.remove(by=caller(cast.ben), who=[cast.alice], at=cast.account),
        lambda: not guards.managed([cast.account], blueprints.catalogue(), NOW),
    )


def suspending_a_new_manager(_cast: Cast, number: int) -> Try:
    """Suspend somebody who has nothing, while an account elsewhere begins with that very person for its only manager."""
    there = Resource.objects.filter(type="host").first()
    host = ResourceId(there.pk) if there else resource(None, "host", "h1", "Agency")
    eve = person(f"Eve {number}", f"eve{number}@else.example")
    client = NewResource(ResourceRef("host_account", str(number)), "Client", host)
    return Try(
        lambda: people.suspend(by=OPERATOR, user=eve),
        lambda: resources.create(by=OPERATOR, new=client, administrator=eve),
        lambda: Binding.objects.filter(principal=eve, principal__user__status="suspended").exists(),
    )


def closing_a_cycle(cast: Cast, number: int) -> Try:
    """Put one group into another and the other into the one."""
    left, right = (group(cast.alice, cast.acme, f"{side} {number}") for side in ("Left", "Right"))
    return Try(
        lambda: nesting.nest(by=caller(cast.alice), group=left, into=right),
        lambda: nesting.nest(by=caller(cast.alice), group=right, into=left),
        lambda: Membership.objects.filter(group__in=[left, right], member__in=[left, right]).count() > 1,
    )


def promoting_oneself(cast: Cast, _number: int) -> Try:
    """Let Ben give himself something by a right that is taken from him at that moment: whoever is first, he ends with nothing."""
    if Binding.objects.filter(principal=cast.ben).exists():
        removal.remove(by=OPERATOR, who=[cast.ben], at=cast.account)
    bindings.grant(by=OPERATOR, to=[cast.alice, cast.ben], on=cast.account, permissions=["manage_users"])
    return Try(
        lambda: removal.remove(by=caller(cast.alice), who=[cast.ben], at=cast.account),
        lambda: bindings.grant(by=caller(cast.ben), to=[cast.ben], on=cast.view, permissions=["manage_users"]),
        lambda: Binding.objects.filter(principal=cast.ben).exists(),
    )


def deciding_one_request(cast: Cast, number: int) -> Try:
    """Let two managers approve what Cleo asked for, each with another end: one of them comes too late."""
    then = NOW + number * requests.SPAN
    Binding.objects.filter(principal=cast.cleo, resource=cast.view).delete()
    AccessRequest.objects.all().delete()
    bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
    requests.ask(by=caller(cast.cleo, then), at=ResourceRef("view", "1001"))
    asked = AccessRequest.objects.get().pk
    edit = ["edit"]
    return Try(
        lambda: requests.approve(random=bytes(32), by=caller(cast.alice, then), request=asked, permissions=edit),
        lambda: requests.approve(
            random=bytes(32), by=caller(cast.ben, then), request=asked, permissions=edit, window=Window(ends_at=then + timedelta(days=1))
        ),
        lambda: Binding.objects.filter(principal=cast.cleo, resource=cast.view).count() > 1,
    )


def accepting_twice(cast: Cast, number: int) -> Try:
    """Let one person accept one invitation twice: one membership, one acceptance in the log."""
    eve = person(f"Eve {number}", f"eve{number}@else.example")
    link = link_of(invite(cast, f"eve{number}@else.example", on=cast.account))
    shown = seen(link, eve)

    def act() -> object:
        return accepting.accept(by=caller(eve), link=link, seen=shown)

    accepted = Event.objects.filter(action="invitation.accepted", target=link.invitation)
    return Try(act, act, lambda: accepted.count() > 1)


def giving_a_group_what_is_moved_away(cast: Cast, number: int) -> Try:
    """Give Acme's analysts access at a property while it is moved to an account that is not Acme's: whoever is first, no group stays."""
    there = Resource.objects.filter(type="account", key="200").first()
    market = ResourceId(there.pk) if there else resource(cast.alice, "account", "200", "Market")
    app = resource(cast.alice, "property", f"app-{number}", "App", cast.account)
    return Try(
        lambda: moving.move(by=caller(cast.alice), resource=app, to=market, way=Way.KEEP),
        lambda: bindings.grant(by=caller(cast.alice), to=[cast.analysts], on=app, permissions=["edit"]),
        lambda: Binding.objects.filter(principal=cast.analysts, resource=app, resource__parent=market).exists(),
    )


SERVICES = "keyholder.services"
FINAL_STATE = f"{SERVICES}.invariants.settle"
SEEING = f"{SERVICES}.authority.Authority.see"
RACES = {
    "a grant meets a move": Race(giving_a_group_what_is_moved_away, (FINAL_STATE, f"{SERVICES}.bulk.refuse"), one_is_refused=False),
    "two managers remove each other": Race(
        removing_each_other, (FINAL_STATE, SEEING, f"{SERVICES}.authority.Authority.require_granting", f"{SERVICES}.removals._refusal")
    ),
    "a new manager is suspended": Race(suspending_a_new_manager, (FINAL_STATE,), within_one_tenant=False),
    "two nestings close a cycle": Race(closing_a_cycle, (FINAL_STATE,)),
    "two decide one request": Race(deciding_one_request, (f"{SERVICES}.commands.requests.require_open",)),
    "two halves of a self-promotion": Race(
        promoting_oneself, (FINAL_STATE, SEEING, f"{SERVICES}.authority.Authority.confer"), one_is_refused=False
    ),
    "one invitation is accepted twice": Race(
        accepting_twice,
        (f"{SERVICES}.commands.accepting.is_done", f"{SERVICES}.commands.accepting.require_open"),
        one_is_refused=False,
        held_by_tables=True,
    ),
}
