"""Home: what needs the reader, and the way to the reader's own accounts. A fixed number of queries however much there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.letters import LetterState
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import Named, Sentence, sentence
from keyholder.services import first_steps, letters, naming
from keyholder.services.authority import NOT_SIGNED_IN
from keyholder.services.caller import Caller, Closed
from keyholder.services.closed import closed_ones
from keyholder.services.event_sentences import called, listed
from keyholder.services.first_steps import Step
from keyholder.services.jurisdictions import jurisdiction_of
from keyholder.services.naming import Names
from keyholder.services.policies import policy_of
from keyholder.services.queries import trash
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import OrganizationView, PrincipalView, ResourceView
from keyholder.storage import home as rows
from keyholder.storage import locks, outbox, visibility
from keyholder.storage.home import Care, Ending, Lacking
from keyholder.storage.models import Organization

SOON = timedelta(days=14)
FEW = 5
"""Of each kind; the numbers say how many there are."""
QUICK = 8
"""Accounts of a platform in the quick list."""


@dataclass(frozen=True, slots=True)
class LackingAccount:
    """An account (or a host) with one standing manager, or with none."""

    resource: ResourceView
    managers: int
    is_awaiting: bool


@dataclass(frozen=True, slots=True)
class LackingAccounts:
    """How many of the reader's accounts have exactly one standing manager, how many none; the first few, those with none in front."""

    one: int = 0
    none: int = 0
    first: tuple[LackingAccount, ...] = ()


@dataclass(frozen=True, slots=True)
class EndingAccess:
    """A binding (at ``resource``) or a membership (in ``group``) that ends soon."""

    principal: PrincipalView
    ends_at: datetime
    resource: ResourceView | None = None
    held: Sentence | None = None
    """What the binding gives, by the names people use."""
    group: PrincipalView | None = None


@dataclass(frozen=True, slots=True)
class EndingSoon:
    """How much ends within 14 days, and what ends first."""

    total: int = 0
    first: tuple[EndingAccess, ...] = ()


@dataclass(frozen=True, slots=True)
class Violations:
    """How many people of an organization are outside its user policy."""

    organization: OrganizationView
    mode: PolicyMode
    people: int


@dataclass(frozen=True, slots=True)
class PlatformAccounts:
    """The reader's accounts on one platform: the first by name, and how many there are."""

    platform: str
    label: Named
    total: int
    accounts: tuple[ResourceView, ...]


@dataclass(frozen=True, slots=True)
class MailTrouble:
    """What an operator needs to know of the instance's mail: whether it is set up, and how many letters are given up or held back."""

    is_set_up: bool
    dead: int = 0
    held: int = 0
    """They wait because the mail server is at fault."""


@dataclass(frozen=True, slots=True)
class Home:
    """Everything on the home page. What there is nothing of is empty."""

    lacking: LackingAccounts
    ending: EndingSoon
    violations: tuple[Violations, ...]
    steps: tuple[Step, ...]
    """The check-list of a first run: empty for who manages nothing, and once all is done."""
    platforms: tuple[PlatformAccounts, ...]
    mail: MailTrouble | None = None
    """For an operator, where there is any."""
    trash: int = 0
    """Things in the trash that the reader may restore."""
    closed: tuple[Closed, ...] = ()
    """The reader's organizations that their session does not open: nothing of theirs is named, only how one gets in."""


def home(*, by: Caller) -> Home:
    """Return what needs the caller and what is theirs. Raises Forbidden for who is not signed in (the command line has no home)."""
    authority = authority_of(by)
    if by.principal is None:
        raise Forbidden("not_signed_in", sentence(NOT_SIGNED_IN))
    authority.require_active()
    catalogue = authority.catalogue
    with locks.snapshot():
        closed, own = tuple(closed_ones(by)), set(visibility.organizations_for(by.principal, by.at)) if by.closed else set()
        organizations = [row for row in rows.organizations_of(by.principal) if row.pk not in closed]
        numbers = tuple(OrganizationId(row.pk) for row in organizations)
        care = Care(by.principal, jurisdiction_of(authority).ground.roots, numbers, authority.is_operator(), closed)
        lacking = rows.lacking(care, catalogue, FEW, by.at)
        ending = rows.ending(care, SOON, FEW, by.at)
        violations = _violations(organizations)
        grouped = rows.groups_in(numbers)
        kinds = [kind.name for kind in catalogue.types.values() if kind.account_level]
        accounts = rows.accounts_of(by.principal, kinds, QUICK, by.at, closed=closed)
        mail = _mail() if care.is_operator else None
        restorable = len(trash.restorable(authority))
        names = _names(catalogue, lacking, ending, [account for account, _kind, _total in accounts])
    shown = LackingAccounts(
        lacking[0].matching - lacking[0].unmanaged if lacking else 0,
        lacking[0].unmanaged if lacking else 0,
        tuple(LackingAccount(names.resources[row.account], row.managers, row.awaiting) for row in lacking),
    )
    return Home(
        shown,
        EndingSoon(ending[0].matching if ending else 0, tuple(_ending(row, names) for row in ending)),
        violations,
        first_steps.steps(organizations, grouped, [row.resource for row in shown.first], manages=bool(care.roots)),
        _platforms(accounts, names),
        mail,
        restorable,
        tuple(one for one in by.closed if one.organization in own),
    )


def _mail() -> MailTrouble | None:
    if not letters.is_mailing():
        return MailTrouble(is_set_up=False)
    dead, held = outbox.counts()[LetterState.DEAD], outbox.held()
    return MailTrouble(is_set_up=True, dead=dead, held=held) if dead or held else None


def _names(catalogue: Catalogue, lacking: Sequence[Lacking], ending: Sequence[Ending], accounts: Sequence[ResourceId]) -> Names:
    principals = {row.principal for row in ending} | {PrincipalId(row.place) for row in ending if row.kind == "membership"}
    resources = {row.account for row in lacking} | {ResourceId(row.place) for row in ending if row.kind == "binding"}
    return naming.names(catalogue, principals, resources | set(accounts), [])


def _ending(row: Ending, names: Names) -> EndingAccess:
    if row.kind == "membership":
        return EndingAccess(names.principal(row.principal), row.ends_at, group=names.principal(PrincipalId(row.place)))
    resource = names.resources[ResourceId(row.place)]
    blueprint = names.catalogue.of(resource.type)
    held = listed([called(name, blueprint) for name in ([row.role] if row.role else row.permissions.split())])
    return EndingAccess(names.principal(row.principal), row.ends_at, resource, held)


def _violations(organizations: Sequence[Organization]) -> tuple[Violations, ...]:
    policies: Mapping[int, Policy] = {row.tenant_id: policy for row in organizations if (policy := policy_of(row)).mode != "anybody"}
    outside = rows.violators(policies)
    views = ((OrganizationView(OrganizationId(row.pk), row.key, row.name), row) for row in organizations)
    return tuple(
        Violations(view, PolicyMode(row.policy_mode), outside[row.tenant_id]) for view, row in views if outside.get(row.tenant_id, 0)
    )


def _platforms(accounts: Sequence[tuple[ResourceId, str, int]], names: Names) -> tuple[PlatformAccounts, ...]:
    found = []
    for blueprint in names.catalogue:
        own = [(names.resources[account], total) for account, kind, total in accounts if kind in blueprint.types]
        if own:
            found.append(PlatformAccounts(blueprint.name, Named(blueprint.labels), own[0][1], tuple(view for view, _total in own)))
    return tuple(found)
