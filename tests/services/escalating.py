"""A machine that does whatever anybody might try, in any order, and compares what everybody gains with what the actor might give.

What may be given is judged by the model (``tests/model.py``) on the facts before and after, never by the house's own rules.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId, ResourceRef
from keyholder.domain.invitations import Link
from keyholder.domain.moving import Way
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Refusal
from keyholder.domain.windows import ALWAYS, Window
from keyholder.engine.facts import Facts
from keyholder.services.caller import Caller
from keyholder.services.commands import (
    accepting,
    additions,
    assignments,
    bindings,
    editing,
    group_deletion,
    group_members,
    group_welcoming,
    groups,
    invitations,
    inviting,
    link_requests,
    moving,
    nesting,
    organization_links,
    organization_removal,
    organization_roles,
    organizations,
    removal,
    requests,
    resources,
    trashing,
    welcoming,
)
from keyholder.services.commands.inviting import Wish
from keyholder.services.commands.resources import NewResource
from keyholder.storage import blueprints, slices
from keyholder.storage.models import (
    AccessRequest,
    Group,
    GroupOwner,
    Invitation,
    LinkRequest,
    Organization,
    OrganizationMember,
    OrganizationSuspension,
    PlannedBinding,
    PlannedMembership,
    Principal,
    Resource,
)
from tests import model
from tests.cast import NOW, OPERATOR, Cast, caller, resource
from tests.services.inviting_people import link_of, random, seen

DAY = timedelta(days=1)
MOMENTS = (NOW, NOW + 1.5 * DAY)
"""When gains are looked for: now, and once windows that begin tomorrow have begun."""
WINDOWS = (ALWAYS, ALWAYS, ALWAYS, Window(ends_at=NOW + DAY), Window(starts_at=NOW + DAY))
Gain = tuple[PrincipalId, ResourceId, str]
Held = Mapping[tuple[PrincipalId, ResourceId], frozenset[str]]


class EscalatedError(AssertionError):
    """Somebody gained what the actor might not give."""


@dataclass(frozen=True)
class Snapshot:
    """The facts of one moment of the world, whole, and who owns which group."""

    facts: Facts
    owners: frozenset[tuple[PrincipalId, PrincipalId]]
    givers: Mapping[int, frozenset[PrincipalId]]
    """Of each invitation that can still be accepted, who planned something in it."""
    askers: Mapping[int, PrincipalId] = field(default_factory=dict)
    """Of each open request for a link, who asked."""
    roles: frozenset[tuple[OrganizationId, PrincipalId, OrganizationRole]] = frozenset()
    """Of every organization, also where nothing is linked to it."""
    suspended: frozenset[tuple[OrganizationId, PrincipalId]] = frozenset()

    @property
    def people(self) -> list[PrincipalId]:
        return [p.id for p in self.facts.principals.values() if p.kind.value == "user"]

    @property
    def untrashed(self) -> Facts:
        """The facts as if nothing were in the trash: what is given in its shadow is given."""
        return replace(self.facts, resources={number: replace(node, trashed=False) for number, node in self.facts.resources.items()})

    def held(self, who: Collection[PrincipalId], at: int = 0) -> Held:
        """Return what each of these holds everywhere, by the model, the trash looked through."""
        catalogue, facts = blueprints.catalogue(), self.untrashed
        return {(u, n): model.effective(facts, catalogue, u, n, MOMENTS[at]) for u in who for n in facts.resources}

    def leads(self, person: PrincipalId, *roles: OrganizationRole) -> set[OrganizationId]:
        """Return the organizations where a person has one of these roles, or any, and is suspended neither there nor everywhere."""
        active = person in self.facts.principals and self.facts.principals[person].active
        mine = {home for home, user, role in self.roles if user == person and (not roles or role in roles)}
        return {home for home in mine if active and (home, person) not in self.suspended}

    def fills(self, person: PrincipalId, group: PrincipalId) -> bool:
        """Say whether a person manages the members of a group: its owner, or by a role."""
        known = self.facts.principals.get(group)
        if known is None or known.organization is None:
            return False
        active = self.facts.principals[person].active and (known.organization, person) not in self.suspended
        owns = (group, person) in self.owners and active
        return owns or known.organization in self.leads(person)


def look() -> Snapshot:
    """Read the world."""
    principals = [PrincipalId(pk) for pk in Principal.objects.filter(deleted_at__isnull=True).values_list("pk", flat=True)]
    facts = slices.of(principals, [ResourceId(pk) for pk in Resource.objects.values_list("pk", flat=True)])
    owners = {(PrincipalId(g), PrincipalId(u)) for g, u in GroupOwner.objects.values_list("group_id", "user_id")}
    givers: dict[int, set[PrincipalId]] = {pk: set() for pk in Invitation.objects.filter(state="pending").values_list("pk", flat=True)}
    for kind in (PlannedBinding, PlannedMembership):
        for number, giver in kind.objects.filter(invitation__in=givers).values_list("invitation_id", "giver_id"):
            givers[number].add(PrincipalId(giver))
    asked = LinkRequest.objects.filter(state="open", asked_by__isnull=False).values_list("pk", "asked_by")
    askers = {number: PrincipalId(asker) for number, asker in asked if asker is not None}
    roles = OrganizationMember.objects.values_list("organization_id", "user_id", "role")
    out = OrganizationSuspension.objects.values_list("organization_id", "user_id")
    return Snapshot(
        facts,
        frozenset(owners),
        {number: frozenset(found) for number, found in givers.items()},
        askers,
        frozenset((OrganizationId(home), PrincipalId(user), OrganizationRole(role)) for home, user, role in roles),
        frozenset((OrganizationId(home), PrincipalId(user)) for home, user in out),
    )


@dataclass
class World:
    """What a machine plays with: the cast, a host with an account, and what was made on the way."""

    cast: Cast
    rng: Random
    links: list[Link] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def anew(self, seed: int) -> "World":
        """Play by other dice in what the database holds again as it was at the beginning."""
        return World(self.cast, Random(seed))  # noqa: S311 - a test's dice

    def person(self) -> PrincipalId:
        return self.rng.choice([self.cast.alice, self.cast.ben, self.cast.cleo, self.cast.dan])

    def node(self, *types: str) -> Resource:
        rows = list(Resource.objects.filter(type__in=types) if types else Resource.objects.all())
        return self.rng.choice(rows)

    def group(self) -> PrincipalId:
        return self.rng.choice([PrincipalId(pk) for pk in Group.objects.values_list("pk", flat=True)] or [self.cast.analysts])

    def organization(self) -> OrganizationId:
        return self.rng.choice([OrganizationId(pk) for pk in Organization.objects.values_list("pk", flat=True)])

    def anybody(self) -> PrincipalId:
        return self.group() if self.rng.random() < 0.3 else self.person()

    def window(self) -> Window:
        return self.rng.choice(WINDOWS)

    def given(self, node: Resource) -> dict[str, Any]:
        """Choose what can be bound at a node: a role where only those can."""
        kind = blueprints.catalogue().types[node.type]
        if kind.roles and not kind.permissions:
            return {"role": self.rng.choice(sorted(kind.roles))}
        return {"permissions": self.rng.sample(sorted(kind.permissions), self.rng.randint(1, len(kind.permissions)))}


Move = Callable[[World, Caller], None]


def opening(cast: Cast, seed: int) -> World:
    """Make the world that a machine begins with: beside the cast's, a host where Cleo administers, whose one account is Ben's and Dan's.

    Ben manages the property as well, so that there is somebody to lose it; Dan and Alice have a second account, so that it can be moved.
    """
    host = resource(None, "host", "h1", "Agency")
    account = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.ben)
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=host, role="administrator")
    bindings.grant(by=OPERATOR, to=[cast.dan], on=account, role="view_only")
    bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
    resource(cast.ben, "pixel", "p1", "Site", account)
    market = resource(cast.dan, "account", "200", "Market")
    bindings.grant(by=OPERATOR, to=[cast.alice], on=market, permissions=["manage_users", "edit"])
    resources.delegate(by=caller(cast.ben), account=account, managed=False)
    return World(cast, Random(seed))  # noqa: S311 - a test's dice


def grant(w: World, by: Caller) -> None:
    node = w.node()
    bindings.grant(by=by, to=[w.anybody()], on=ResourceId(node.pk), window=w.window(), **w.given(node))


def set_permissions(w: World, by: Caller) -> None:
    node = w.node()
    bindings.set_permissions(by=by, of=w.anybody(), on=ResourceId(node.pk), window=w.window(), **w.given(node))


def edit(w: World, by: Caller) -> None:
    node = w.node("account", "property", "view")
    editing.edit(by=by, of=w.anybody(), on=ResourceId(node.pk), to=w.window(), **w.given(node))


def take(w: World, by: Caller) -> None:
    node = w.node("account", "property", "view")
    bindings.take(by=by, of=[w.anybody()], on=ResourceId(node.pk), **w.given(node))


def move_window(w: World, by: Caller) -> None:
    bindings.move_window(by=by, of=[w.anybody()], on=ResourceId(w.node().pk), since=w.window(), to=w.window())


def revoke(w: World, by: Caller) -> None:
    bindings.revoke(by=by, of=[w.anybody()], on=ResourceId(w.node().pk))


def add(w: World, by: Caller) -> None:
    node = w.node("account", "property", "view")
    people = [w.person()]
    additions.add(by=by, to=people, on=ResourceId(node.pk), groups=[w.group()], window=w.window(), **w.given(node))


def welcome(w: World, by: Caller) -> None:
    node = w.node("account", "property", "view")
    wish = Wish(groups=[w.group()], **w.given(node))
    address = f"new{next(w.numbers)}@acme.example"
    welcoming.welcome(by=by, on=ResourceId(node.pk), to=[w.person()], addresses=[address], random=[random()], wish=wish)


def join(w: World, by: Caller) -> None:
    group_members.add(by=by, group=w.group(), members=[w.person()], window=w.window())


def move_membership(w: World, by: Caller) -> None:
    group_members.move_window(by=by, group=w.group(), member=w.anybody(), since=w.window(), to=w.window())


def part(w: World, by: Caller) -> None:
    group_members.remove(by=by, group=w.group(), members=[w.person()])


def own(w: World, by: Caller) -> None:
    groups.add_owner(by=by, group=w.group(), user=w.person())


def disown(w: World, by: Caller) -> None:
    groups.remove_owner(by=by, group=w.group(), user=w.person())


def make_group(w: World, by: Caller) -> None:
    groups.create(by=by, organization=w.organization(), name=f"Group {next(w.numbers)}")


def make_group_at(w: World, by: Caller) -> None:
    node = w.node("account", "property", "view")
    groups.create_at(by=by, at=ResourceId(node.pk), name=f"Group {next(w.numbers)}", **w.given(node))


def delete_group(w: World, by: Caller) -> None:
    group_deletion.delete(by=by, group=w.group())


def nest(w: World, by: Caller) -> None:
    nesting.nest(by=by, group=w.group(), into=w.group(), window=w.window())


def unnest(w: World, by: Caller) -> None:
    nesting.unnest(by=by, group=w.group(), out_of=w.group())


def appoint(w: World, by: Caller) -> None:
    role = w.rng.choice(list(OrganizationRole))
    organization_roles.appoint(by=by, organization=w.organization(), user=w.person(), role=role)


def dismiss(w: World, by: Caller) -> None:
    organization_roles.dismiss(by=by, organization=w.organization(), user=w.person())


def suspend(w: World, by: Caller) -> None:
    organization_roles.suspend_person(by=by, organization=w.organization(), user=w.person())


def activate(w: World, by: Caller) -> None:
    organization_roles.activate_person(by=by, organization=w.organization(), user=w.person())


def found(w: World, by: Caller) -> None:
    organizations.create(by=by, name=f"Company {next(w.numbers)}")


def link(w: World, by: Caller) -> None:
    organization_links.link_account(by=by, organization=w.organization(), account=ResourceId(w.node("account").pk))


def unlink(w: World, by: Caller) -> None:
    organization_links.unlink_account(by=by, account=ResourceId(w.node("account").pk))


def ask_organization(w: World, by: Caller) -> None:
    key = Organization.objects.get(pk=w.organization()).key
    link_requests.ask_organization(by=by, account=ResourceId(w.node("account").pk), organization=key)


def ask_account(w: World, by: Caller) -> None:
    node = w.node("account")
    link_requests.ask_account(by=by, organization=w.organization(), account=ResourceRef(node.type, node.key))


def agree(w: World, by: Caller) -> None:
    numbers = list(LinkRequest.objects.filter(state="open").values_list("pk", flat=True))
    if numbers:
        link_requests.accept(by=by, request=w.rng.choice(numbers))


def put_away(w: World, by: Caller) -> None:
    trashing.trash(by=by, resource=ResourceId(w.node("account", "property", "view").pk))


def restore(w: World, by: Caller) -> None:
    numbers = list(Resource.objects.filter(trashed_at__isnull=False).values_list("pk", flat=True))
    if numbers:
        trashing.restore(by=by, resource=ResourceId(w.rng.choice(numbers)))


def make_node(w: World, by: Caller) -> None:
    parent = w.node("account", "property")
    kind = {"account": "property", "property": "view"}[parent.type]
    number = next(w.numbers)
    resources.create(by=by, new=NewResource(ResourceRef(kind, f"made-{number}"), f"Made {number}", ResourceId(parent.pk)))


def delegate(w: World, by: Caller) -> None:
    resources.delegate(by=by, account=ResourceId(w.node("host_account").pk), managed=w.rng.random() < 0.7)


def invite(w: World, by: Caller) -> None:
    node = w.node("account", "property", "view")
    chosen = [w.group()] if w.rng.random() < 0.4 else []
    wish = Wish(groups=chosen, **w.given(node))
    address = w.rng.choice(["alice", "ben", "cleo", "dan"]) + "@acme.example"
    (sent,) = inviting.invite(by=by, at=ResourceId(node.pk), addresses=[address], random=[random()], wish=wish)
    w.links.append(link_of(sent))


def accept(w: World, by: Caller) -> None:
    open_ones = Invitation.objects.filter(pk__in=[one.invitation for one in w.links], state="pending")
    mine = {row.pk for row in open_ones if row.canonical == f"{name_of(w, by)}@acme.example"}
    chosen = [one for one in w.links if one.invitation in mine]
    if chosen:
        one = w.rng.choice(chosen)
        accepting.accept(by=by, link=one, seen=seen(one, by.principal))


def take_over(w: World, by: Caller) -> None:
    numbers = list(Invitation.objects.filter(state="pending").values_list("pk", flat=True))
    if numbers:
        invitations.take_over(by=by, invitation=w.rng.choice(numbers))


def ask(w: World, by: Caller) -> None:
    node = w.node("account", "property", "view")
    requests.ask(by=by, at=ResourceRef(node.type, node.key), **w.given(node))


def approve(w: World, by: Caller) -> None:
    rows = list(AccessRequest.objects.filter(state="open").select_related("resource"))
    if rows:
        row = w.rng.choice(rows)
        requests.approve(by=by, request=row.pk, random=random(), window=w.window(), **w.given(row.resource))


def remove(w: World, by: Caller) -> None:
    removal.remove(by=by, who=[w.anybody()], at=ResourceId(w.node("account", "host_account").pk))


def remove_from_organization(w: World, by: Caller) -> None:
    organization_removal.remove(by=by, organization=w.organization(), user=w.person())


def welcome_into_group(w: World, by: Caller) -> None:
    address = f"new{next(w.numbers)}@acme.example"
    group_welcoming.welcome(by=by, group=w.group(), members=[w.person()], addresses=[address], random=[random()], window=w.window())


def move(w: World, by: Caller) -> None:
    node, target = w.node("property"), w.node("account")
    moving.move(by=by, resource=ResourceId(node.pk), to=ResourceId(target.pk), way=w.rng.choice(list(Way)))


def assign(w: World, by: Caller) -> None:
    account, pixel = w.node("host_account"), w.node("pixel")
    pair = (w.person(), ResourceId(pixel.pk))
    given, taken = ([pair], []) if w.rng.random() < 0.7 else ([], [pair])
    assignments.assign(by=by, at=ResourceId(account.pk), give_to=given, take_from=taken)


def give_up(w: World, by: Caller) -> None:
    removal.give_up(by=by, on=ResourceId(w.node().pk))


def leave(w: World, by: Caller) -> None:
    group_members.leave(by=by, group=w.group())


MOVES: Mapping[str, Move] = {
    "accepting.accept": accept,
    "additions.add": add,
    "assignments.assign": assign,
    "bindings.grant": grant,
    "bindings.move_window": move_window,
    "bindings.revoke": revoke,
    "bindings.set_permissions": set_permissions,
    "bindings.take": take,
    "editing.edit": edit,
    "group_deletion.delete": delete_group,
    "group_members.add": join,
    "group_members.leave": leave,
    "group_members.move_window": move_membership,
    "group_members.remove": part,
    "group_welcoming.welcome": welcome_into_group,
    "groups.add_owner": own,
    "groups.create": make_group,
    "groups.create_at": make_group_at,
    "groups.remove_owner": disown,
    "invitations.take_over": take_over,
    "inviting.invite": invite,
    "link_requests.accept": agree,
    "link_requests.ask_account": ask_account,
    "link_requests.ask_organization": ask_organization,
    "moving.move": move,
    "nesting.nest": nest,
    "nesting.unnest": unnest,
    "organization_links.link_account": link,
    "organization_links.unlink_account": unlink,
    "organization_removal.remove": remove_from_organization,
    "organization_roles.activate_person": activate,
    "organization_roles.appoint": appoint,
    "organization_roles.dismiss": dismiss,
    "organization_roles.suspend_person": suspend,
    "organizations.create": found,
    "removal.give_up": give_up,
    "removal.remove": remove,
    "requests.approve": approve,
    "requests.ask": ask,
    "resources.create": make_node,
    "resources.delegate": delegate,
    "trashing.restore": restore,
    "trashing.trash": put_away,
    "welcoming.welcome": welcome,
}
"""Whatever somebody who is signed in may try that can change what anybody holds, by the name of the command."""


def play(w: World, steps: int, moves: Sequence[str] = tuple(MOVES)) -> int:
    """Do so many random things, each by somebody; return how many were accepted. Raises EscalatedError."""
    accepted, before = 0, look()
    for _step in range(steps):
        name, by = w.rng.choice(list(moves)), caller(w.person())
        try:
            MOVES[name](w, by)
        except Refusal:
            continue
        after = look()
        judge(name, by, before, after)
        accepted, before = accepted + 1, after
    return accepted


def judge(name: str, by: Caller, before: Snapshot, after: Snapshot) -> None:
    """Compare what everybody gained by an accepted command, and who came to power, with what its actor might give."""
    if (before.facts, before.owners, before.roles) == (after.facts, after.owners, after.roles):
        return
    me = by.principal or PrincipalId(0)
    actors = {me}
    if name == "accepting.accept":  # each thing is given by whoever planned it
        actors = {giver for number in before.givers.keys() - after.givers.keys() for giver in before.givers[number]}
    if name == "link_requests.accept":  # both sides have agreed
        actors |= {before.askers[number] for number in before.askers.keys() - after.askers.keys()}
    wrong: list[object] = [*powers(me, actors, before, after), *restored(me, before, after)]
    for moment in range(len(MOMENTS)):
        was, now = before.held(after.people, moment), after.held(after.people, moment)
        gains = [(u, n, p) for (u, n), held in now.items() for p in held - was.get((u, n), frozenset())]
        wrong += [
            (gain, MOMENTS[moment])
            for gain in gains
            if not any(might_give(actor, gain, before, after, moment) for actor in actors) and not came(me, gain, before, now, after)
        ]
    if wrong:
        message = f"{name} by {me}: {wrong}"
        raise EscalatedError(message)


def powers(me: PrincipalId, actors: Collection[PrincipalId], before: Snapshot, after: Snapshot) -> list[object]:
    """Return who came to own a group or to lead an organization without somebody who might give that; what is new is its maker's."""
    organizations = {home for home, _user, _role in before.roles}
    return [
        *(
            (group, owner)
            for group, owner in after.owners - before.owners
            if not (any(before.fills(actor, group) for actor in actors) or (group not in before.facts.principals and owner == me))
        ),
        *(
            (home, user, role)
            for home, user, role in after.roles - before.roles
            if not any(home in before.leads(actor, OrganizationRole.ADMIN) for actor in actors) and (home in organizations or user != me)
        ),
    ]


def restored(me: PrincipalId, before: Snapshot, after: Snapshot) -> list[object]:
    """Return what came out of the trash though, without the trash, its restorer neither managed it nor might delete it (semantics 4)."""
    catalogue, facts = blueprints.catalogue(), before.untrashed
    found: list[object] = []
    for number, node in before.facts.resources.items():
        if node.trashed and number in after.facts.resources and not after.facts.resources[number].trashed:
            blueprint = catalogue.of(node.ref.type)
            action = blueprint.actions[f"{node.ref.type}.delete"]
            place = next(above.id for above in model.upwards(facts, node) if above.ref.type in action.types)
            manages = blueprint.granting in model.effective(facts, catalogue, me, number, NOW)
            if not manages and action.permission not in model.effective(facts, catalogue, me, place, NOW):
                found.append(number)
    return found


def might_give(actor: PrincipalId, gain: Gain, before: Snapshot, after: Snapshot, moment: int) -> bool:
    """Say whether somebody might give a permission: they manage users there; or own a group, or an organization, that confers it."""
    user, node, permission = gain
    catalogue, facts = blueprints.catalogue(), before.facts
    if node in facts.resources:
        blueprint = catalogue.of(facts.resources[node].ref.type)
        if blueprint.granting in model.effective(before.untrashed, catalogue, actor, node, NOW):  # also at what lies in the trash below it
            return True
    if not facts.principals[actor].active:
        return False
    for group in after.facts.principals.values():
        if group.kind.value != "group" or group.organization is None:
            continue
        fills = before.fills(actor, group.id) or group.id not in facts.principals
        if fills and permission in model.effective(after.untrashed, catalogue, group.id, node, MOMENTS[moment]):
            return True
    there = (
        facts if node in facts.resources else after.facts
    )  # what is only now linked to an organization gives its admins no right to link
    path = model.upwards(there, there.resources[node])
    if model.linked(path) in before.leads(actor, OrganizationRole.ADMIN):  # appoints, and ends a suspension
        return True
    return model.linked(path) in before.leads(actor) and any(
        s.user == user and s.organization == model.linked(path) for s in facts.suspensions
    )


def came(me: PrincipalId, gain: Gain, before: Snapshot, now: Held, after: Snapshot) -> bool:
    """Say whether something needs nobody's authority: what a new node brings its maker (R035), and what it inherits (R019)."""
    user, node, permission = gain
    parent = after.facts.resources[node].parent
    if node in before.facts.resources:
        return False
    return user == me or (parent is not None and permission in now[user, parent])


def name_of(w: World, by: Caller) -> str:
    return {w.cast.alice: "alice", w.cast.ben: "ben", w.cast.cleo: "cleo", w.cast.dan: "dan"}[by.principal or PrincipalId(0)]
