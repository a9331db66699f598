"""Pairs of commands that break something when they run at the same moment without their locks. Each try begins with what it needs anew."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_bytes
from threading import Barrier, BrokenBarrierError

from django.db import transaction

from keyholder.domain import codes
from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.domain.moving import Way
from keyholder.domain.windows import Window
from keyholder.services import reset_links, seals
from keyholder.services.commands import (
    accepting,
    address_changes,
    bindings,
    factors,
    moving,
    nesting,
    ownership,
    people,
    person_deletion,
    removal,
    requests,
    resets,
    resources,
    trashing,
)
from keyholder.services.commands.factors import NewAuthenticator
from keyholder.services.commands.resources import NewResource
from keyholder.services.commands.signing_in import Admission, How
from keyholder.services.factors import Step
from keyholder.services.seals import Use
from keyholder.storage import blueprints, guards
from keyholder.storage.models import (
    AccessRequest,
    AddressChange,
    Authenticator,
    Binding,
    Event,
    Membership,
    PasswordReset,
    RecoveryCode,
    Resource,
    User,
)
from tests.cast import NOW, OPERATOR, Cast, caller, group, person, resource
from tests.services.inviting_people import invite, link_of, random, seen

Command = Callable[[], object]
PATIENCE = 1.0
"""Seconds in which the second racer comes to the meeting point; who has waited in vain goes on."""
SECRET = b"12345678901234567890"


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
    let_through: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    """What stands in for a check that answers: by the same name, an answer that lets everybody through."""
    apart: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    """What is used up by one statement, made of a look and a write instead: without the locks both racers look before one writes."""

    @property
    def is_told_twice(self) -> bool:
        """Whether without locks both would come as far as the log, and there be the same number."""
        return self.within_one_tenant and not self.apart

    @property
    def unguarded(self) -> Mapping[str, Callable[..., object]]:
        """What stands in for every check."""
        return {**dict.fromkeys(self.checks, lambda *_: None), **self.let_through}


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


def deleting_who_is_given_something(cast: Cast, number: int) -> Try:
    """Delete somebody who has nothing, while they are given something elsewhere: nothing is left with a number that nobody has."""
    eve = person(f"Eve {number}", f"eve{number}@else.example")
    return Try(
        lambda: person_deletion.delete(by=OPERATOR, user=eve),
        lambda: bindings.grant(by=OPERATOR, to=[eve], on=cast.view, permissions=["edit"]),
        lambda: Binding.objects.filter(principal=eve, principal__deleted_at__isnull=False).exists(),
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


def making_an_account_where_all_goes(cast: Cast, number: int) -> Try:
    """Make an account at a host while that is deleted: nothing is taken into the trash that is not there by itself."""
    host = resource(None, "host", f"h-{number}", "Agency")
    client = NewResource(ResourceRef("host_account", f"client-{number}"), "Client", host)
    return Try(
        lambda: trashing.trash(by=OPERATOR, resource=host),
        lambda: resources.create(by=OPERATOR, new=client, administrator=cast.alice),
        lambda: Resource.objects.filter(parent=host, trashed_at__isnull=True, parent__trashed_at__isnull=False).exists(),
    )


def stepping_down_together(cast: Cast, number: int) -> Try:
    """Let both owners of a resource step down: one of them has to stay."""
    site = resource(cast.alice, "resource", f"site-{number}", "Site")
    bindings.grant(by=OPERATOR, to=[cast.ben], on=site, role="owner")
    return Try(
        lambda: ownership.step_down(by=caller(cast.alice), at=site),
        lambda: ownership.step_down(by=caller(cast.ben), at=site),
        lambda: not guards.managed([site], blueprints.catalogue(), NOW),
    )


def twice(one: Command, other: Command | None = None) -> Try:
    """Start something twice that is to come through once; what comes through is counted when it is kept."""
    kept: list[bool] = []

    def counted(act: Command) -> Command:
        def run() -> None:
            act()
            transaction.on_commit(lambda: kept.append(True))

        return run

    return Try(counted(one), counted(other or one), lambda: len(kept) > 1)


def using_one_reset_link(cast: Cast, number: int) -> Try:
    """Let two browsers choose a password by one link."""
    ticket = reset_links.read(resets.copy_link(by=OPERATOR, user=cast.ben, random=random()))
    assert ticket is not None

    def choose(which: str) -> Command:
        return lambda: resets.use(by=caller(cast.ben), ticket=ticket, password=f"seven quiet herons {which} {number}")

    return twice(choose("one"), choose("two"))


def using_one_code(cast: Cast, _number: int) -> Try:
    """Let two browsers sign Ben in by one code of his authenticator."""
    Authenticator.objects.all().delete()
    sealed = seals.seal(codes.secret_of(SECRET), Use.AUTHENTICATOR)
    Authenticator.objects.create(user_id=cast.ben, name="Telephone", secret=sealed, added_at=NOW)
    return signing_ben_in(cast, codes.totp(SECRET, codes.step_at(NOW)))


def using_one_recovery_code(cast: Cast, number: int) -> Try:
    """Let two browsers sign Ben in by one recovery code."""
    Authenticator.objects.all().delete()
    RecoveryCode.objects.all().delete()
    new = NewAuthenticator(f"Telephone {number}", codes.secret_of(SECRET), codes.totp(SECRET, codes.step_at(NOW)), bytes(range(100)))
    return signing_ben_in(cast, factors.add_authenticator(by=caller(cast.ben), new=new)[number % 10])


def enrolling_at_the_door_twice(cast: Cast, number: int) -> Try:
    """Let two browsers that know Ben's password set his first authenticator up at the door: one of them has proven one thing only."""
    Authenticator.objects.all().delete()
    admission, code = Admission(cast.ben, How.PASSWORD, Step.ENROL), codes.totp(SECRET, codes.step_at(NOW))

    def enrol(which: str) -> Command:
        new = NewAuthenticator(f"{which} {number}", codes.secret_of(SECRET), code, token_bytes(100))
        return lambda: factors.enrol(by=caller(cast.ben), admission=admission, new=new)

    return twice(enrol("One"), enrol("Other"))


def signing_ben_in(cast: Cast, code: str) -> Try:
    """Let two browsers in by one code, after the password."""
    admission = Admission(cast.ben, How.PASSWORD, Step.SECOND)
    return twice(lambda: factors.confirm_code(by=caller(cast.ben), admission=admission, code=code))


def proving_one_address(cast: Cast, number: int) -> Try:
    """Let the link in one letter be used in two browsers."""
    address = f"ben{number}@else.example"
    made = AddressChange.objects.create(
        user_id=cast.ben, email=address, canonical=address, asked_at=NOW, expires_at=NOW + address_changes.LIFE
    )
    return twice(lambda: address_changes.prove(by=caller(cast.ben), number=made.pk, generation=made.generation))


def apart(look: Callable[..., bool], write: Callable[..., object]) -> Callable[..., bool]:
    """Make of one statement that looks and writes two, between which both racers meet."""
    meeting = Barrier(2)

    def use_up(*given: object) -> bool:
        found = look(*given)
        with suppress(BrokenBarrierError):
            meeting.wait(PATIENCE)
        if found:
            write(*given)
        return found

    return use_up


def let_through(*_given: object) -> bool:
    """Say yes to everybody."""
    return True


SERVICES = "keyholder.services"
FINAL_STATE = f"{SERVICES}.invariants.settle"
SEEING = f"{SERVICES}.authority.Authority.see"
RACES = {
    "a grant meets a move": Race(giving_a_group_what_is_moved_away, (FINAL_STATE, f"{SERVICES}.bulk.refuse"), one_is_refused=False),
    "an account is made where all goes": Race(
        making_an_account_where_all_goes,
        (FINAL_STATE, f"{SERVICES}.commands.trashing.require_trashing", f"{SERVICES}.commands.resources.require_out_of_trash"),
    ),
    "both owners step down": Race(stepping_down_together, (FINAL_STATE,)),
    "two managers remove each other": Race(
        removing_each_other, (FINAL_STATE, SEEING, f"{SERVICES}.authority.Authority.require_granting", f"{SERVICES}.removals._refusal")
    ),
    "a new manager is suspended": Race(suspending_a_new_manager, (FINAL_STATE,), within_one_tenant=False),
    "who is deleted is given something": Race(
        deleting_who_is_given_something, (FINAL_STATE, f"{SERVICES}.bulk.refuse"), one_is_refused=False, within_one_tenant=False
    ),
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
    "one reset link is used twice": Race(
        using_one_reset_link,
        (),
        let_through={
            f"{SERVICES}.reset_links.counting": lambda *_: PasswordReset.objects.select_related("user").latest("pk"),
            f"{SERVICES}.reset_links.use_up": let_through,
        },
        apart={
            f"{SERVICES}.reset_links.use_up": apart(
                lambda row, _at: PasswordReset.objects.get(pk=row.pk).used_at is None,
                lambda row, at: PasswordReset.objects.filter(pk=row.pk).update(used_at=at),
            )
        },
    ),
    "one code is used twice": Race(
        using_one_code,
        (),
        let_through={f"{SERVICES}.second_factors.use_up_step": let_through},
        apart={
            f"{SERVICES}.second_factors.use_up_step": apart(
                lambda one, step, _at: Authenticator.objects.get(pk=one.pk).last_step < step,
                lambda one, step, _at: Authenticator.objects.filter(pk=one.pk).update(last_step=step),
            )
        },
    ),
    "one recovery code is used twice": Race(
        using_one_recovery_code,
        (),
        let_through={f"{SERVICES}.second_factors.use_up_recovery": let_through},
        apart={
            f"{SERVICES}.second_factors.use_up_recovery": apart(
                lambda row, digest, _at: RecoveryCode.objects.filter(user=row, digest=digest, used_at__isnull=True).exists(),
                lambda row, digest, at: RecoveryCode.objects.filter(user=row, digest=digest).update(used_at=at),
            )
        },
    ),
    "a first factor is set up twice at the door": Race(
        enrolling_at_the_door_twice,
        (),
        let_through={f"{SERVICES}.commands.factors._without_one": lambda user: User.objects.get(pk=user)},
    ),
    "one proof of an address is used twice": Race(
        proving_one_address,
        (),
        let_through={
            f"{SERVICES}.commands.address_changes.waiting": lambda *_: AddressChange(
                user_id=User.objects.get(canonical__startswith="ben").pk, email="ben@else.example", canonical="ben@else.example"
            )
        },
    ),
}
