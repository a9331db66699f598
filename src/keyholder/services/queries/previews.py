"""Previews: who would gain and lose what, and where, before anybody saves (R012, R046, R048, R082)."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.permissions import Bindable
from keyholder.domain.windows import ALWAYS, Window
from keyholder.engine.facts import Facts, Membership
from keyholder.engine.moment import Moment
from keyholder.services import naming
from keyholder.services.access_trees import unsuspended
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.differences import MOST, Difference, Preview, beyond, differences, kept_by, views
from keyholder.services.jurisdictions import acquainted, manages
from keyholder.services.proposals import Proposal, proposed, wanted
from keyholder.services.queries.seeing import authority_of, require_known, resource_managed
from keyholder.storage import acquaintance, belonging, guards, locks, reaches, slices
from keyholder.storage.models import Binding, Group, Resource


def of_bindings(*, by: Caller, proposal: Proposal) -> Preview:
    """Return who gains and who loses what at a resource and below it if the proposal were made; judged at the moment its window begins.

    Below the resource only what differs there is listed: something that comes with a role. Suspension is looked through. Raises NotFound,
    also for principals not known there, Forbidden without the granting permission, Invalid for a set that can't be bound there.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_managed(authority, proposal.at)
        require_known(authority, proposal.principals, acquainted(authority, row, proposal.principals))
        return of_proposal(authority, row, proposal)


def of_proposal(authority: Authority, row: Resource, proposal: Proposal) -> Preview:
    """Return the same once it is settled that the reader may grant there, to whom it concerns."""
    asked = wanted(proposal, authority.catalogue, row.type)
    concerned = list(dict.fromkeys([*proposal.principals, *reaches.members_below(proposal.principals, authority.by.at)]))
    before, after = _both(authority, proposal, asked, concerned, [proposal.at])
    here = differences(before, after, concerned, [proposal.at])
    first = [difference.principal for difference in here][:MOST] or concerned[:MOST]
    places = list(dict.fromkeys([proposal.at, *belonging.bound_below(row, first)]))
    before, after = _both(authority, proposal, asked, [*first, *proposal.principals], places)
    shown = list(beyond(differences(before, after, first, places), proposal.at))[:MOST]
    return _preview(authority, after, here or shown, shown, {proposal.at, *places}, reaches.below(row))


def of_membership(
    *,
    by: Caller,
    group: PrincipalId,
    adding: Sequence[PrincipalId] = (),
    removing: Sequence[PrincipalId] = (),
    window: Window = ALWAYS,
    ending: Window | None = None,
) -> Preview:
    """Return who gains and who loses what where the group, or one that contains it, is bound, if these came in or went out.

    Who comes in does so for ``window``; of who goes out, the membership of the window ``ending`` goes, every one where it is None.

    For who manages the group's members; what stays with somebody is shown only where the caller manages users. Raises NotFound outside the
    organization (R081) and for principals not known in it, Forbidden for everybody else in it.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = Group.objects.select_related("organization").filter(pk=group).first()
        if row is None:
            raise not_there()
        authority.require_owner(row)
        changed = [*adding, *removing]
        require_known(authority, changed, acquaintance.knows(row.organization.tenant_id, changed))
        places = _places(group)
        people = reaches.members_below([*adding, *removing], by.at)
        concerned = list(dict.fromkeys([*adding, *removing, *people]))
        facts = unsuspended(slices.of([*concerned, group, *([by.principal] if by.principal else [])], places))
        at = max(by.at, window.starts_at or by.at)
        before = Moment(facts, authority.catalogue, at)
        left = _without(facts, group, removing, ending)
        coming = (Membership(group, member, window) for member in adding)
        after = Moment(replace(left, memberships=(*left.memberships, *coming)), authority.catalogue, at)
        found = differences(before, after, concerned, places)
        seen = {place for place in places if by.principal is None or manages(before, by.principal, place)}
        return _preview(authority, after, found, found[:MOST], seen)


def _both(
    authority: Authority, proposal: Proposal, asked: Bindable | None, principals: Sequence[PrincipalId], places: Sequence[ResourceId]
) -> tuple[Moment, Moment]:
    """Return the moments before and after a proposal, for these principals at these places."""
    at = max(authority.by.at, proposal.window.starts_at or authority.by.at)
    facts = unsuspended(slices.of(principals, places))
    blueprint = authority.catalogue.of(facts.resources[proposal.at].ref.type)
    after = proposed(facts, blueprint, proposal, asked)
    return Moment(facts, authority.catalogue, at), Moment(after, authority.catalogue, at)


def _places(group: PrincipalId) -> list[ResourceId]:
    """Return where a group, or one that contains it, is bound."""
    containing = {group, *(outer for outer, _inner in guards.above([group]))}
    return sorted({ResourceId(pk) for pk in Binding.objects.filter(principal__in=containing).values_list("resource", flat=True)})


def _without(facts: Facts, group: PrincipalId, members: Sequence[PrincipalId], window: Window | None) -> Facts:
    """Return the facts without what these have in a group: of one window, or of every one."""
    gone = {edge for edge in facts.memberships if edge.group == group and edge.member in members and window in {None, edge.window}}
    return replace(facts, memberships=tuple(edge for edge in facts.memberships if edge not in gone))


def _preview(
    authority: Authority,
    after: Moment,
    found: Sequence[Difference],
    shown: Sequence[Difference],
    seen: Collection[ResourceId],
    below: Sequence[tuple[str, int]] = (),
) -> Preview:
    kept = kept_by(after, shown, seen)
    names = naming.of_sources(
        authority.catalogue,
        [source for sources in kept for source in sources],
        principals=[difference.principal for difference in shown],
        resources=[difference.resource for difference in shown],
    )
    gaining = {difference.principal for difference in found if difference.gained}
    losing = {difference.principal for difference in found if difference.lost}
    return Preview(views(after, names, shown, kept), len(gaining), len(losing), tuple(below))
