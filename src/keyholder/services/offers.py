"""Offers: what an invitation can give at this moment, and of the rest why it can't (R-INV-9, R-INV-10). Page and acceptance share it.

Everything is judged again: whether the place is still there, whether each giver may still give it, whether it has grown since it was
planned, whether the account's policy takes the address. Nothing is remembered from when the invitation was made.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from keyholder.domain.blueprint import NOTHING, Blueprint, Catalogue
from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.permissions import Bindable, bindable
from keyholder.domain.refusals import Invalid, Refusal
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.windows import Window
from keyholder.services.admittance import Applicant, known_to, refusal
from keyholder.services.authority import Authority, name_of, of_another
from keyholder.services.caller import Caller
from keyholder.storage import guards, lineages
from keyholder.storage.models import Binding, Group, Invitation, Organization, PlannedBinding, PlannedMembership, Resource

MOVED = _("It does not belong to {account} any more.")
IN_TRASH = _("It is in the trash.")
SHUT = _("{account} is in the trash: once it is restored, this invitation can be accepted again, as long as it lasts.")
OVER = _("It was to last until {moment}, which is over.")
NOT_BINDABLE = _("This can't be given there any more.")
GROWN = _("It gives more by now than when it was offered, so somebody has to look at it again.")
MAY_NOT = _("{giver} may not give this any more.")
THE_OPERATOR = _("The operator")
SOMEBODY_GONE = _("Somebody who is gone")
OTHER_ROLE = _("You hold a role there, which is held as a whole.")
NEEDS_ROLE = _('It needs the role "{role}" at the account.')
GROUP_GONE = _("This group was deleted.")
GROUP_FOREIGN = _("This group belongs to another organization than {account}.")


@dataclass(frozen=True, slots=True)
class BindingOffer:
    """A planned binding; ``why`` says why it can't be given now, None where it can."""

    row: PlannedBinding
    wanted: Bindable
    why: Sentence | None = None


@dataclass(frozen=True, slots=True)
class MembershipOffer:
    """A planned membership of a group; ``group`` is None where it was deleted."""

    row: PlannedMembership
    group: Group | None
    why: Sentence | None = None


Offer = BindingOffer | MembershipOffer


@dataclass(frozen=True)
class Offers:
    """Everything that an invitation holds, judged at one moment.

    ``refusal`` is about all of it: that of the policy, or of an account in the trash.
    """

    invitation: Invitation
    bindings: tuple[BindingOffer, ...]
    memberships: tuple[MembershipOffer, ...]
    refusal: Sentence | None = None
    is_shut: bool = False
    """The account is in the trash: nobody is asked for anything, and nothing is used up, until it is restored."""

    @property
    def every(self) -> tuple[Offer, ...]:
        """Return all of them."""
        return (*self.bindings, *self.memberships)

    @property
    def given(self) -> tuple[Offer, ...]:
        """Return those that can be given now."""
        return tuple(offer for offer in self.every if offer.why is None) if self.refusal is None else ()

    @property
    def is_empty_handed(self) -> bool:
        """Say whether something was to be given and nothing can be."""
        return bool(self.every) and not self.given

    @cached_property
    def fingerprint(self) -> str:
        """What is shown, as a short text: accepting gives exactly this, or shows anew (R-INV-9)."""
        shown = [
            *(
                [o.row.resource_id, o.row.role, o.row.permissions, *_window(o.row), o.why is None, o.row.in_place_of_id]
                for o in self.bindings
            ),
            *(["group", o.row.group_id, *_window(o.row), o.why is None] for o in self.memberships),
        ]
        text = json.dumps([self.invitation.pk, self.refusal is None, shown], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def offers_of(
    catalogue: Catalogue, invitation: Invitation, at: datetime, *, person: PrincipalId | None, verified: bool, vouched: bool = False
) -> Offers:
    """Judge what an invitation can give to who takes it now: somebody who is here already, or nobody yet; their address proven or not.

    ``vouched`` says that a sign-in provider vouches for them, who has no person here yet.
    """
    judge = _Judge(catalogue, invitation, at, person)
    planned = PlannedBinding.objects.filter(invitation=invitation).select_related("resource").order_by("resource__path", "pk")
    bindings = judge.bindings(list(planned))
    joined = PlannedMembership.objects.filter(invitation=invitation).order_by("pk")
    shut = lineages.is_in_trash(invitation.account)
    refusal = sentence(SHUT, account=invitation.account.name) if shut else refusal_of(invitation, verified=verified, vouched=vouched)
    return Offers(invitation, bindings, tuple(map(judge.membership, joined)), refusal, shut)


def refusal_of(invitation: Invitation, *, verified: bool, vouched: bool = False) -> Sentence | None:
    """Return why the account's organization does not take the address, None where it does (R043, R-EML-6)."""
    home = Organization.objects.filter(tenant=invitation.account.tenant_id).first()
    if home is None:
        return None
    is_known = vouched or bool(known_to(home, [invitation.canonical]))
    why = refusal(home, Applicant(invitation.email, invitation.canonical, verified, is_known))
    return None if why is None else why.sentence


def growth(catalogue: Catalogue, group: int) -> dict[int, int]:
    """Return what being in a group gives: closed masks by resource, of its bindings and of those of the groups that contain it."""
    outer = {PrincipalId(group), *(edge[0] for edge in guards.above([PrincipalId(group)]))}
    found: dict[int, int] = {}
    for row in Binding.objects.filter(principal__in=outer).select_related("resource"):
        found[row.resource_id] = found.get(row.resource_id, 0) | catalogue.of(row.resource.type).closure(row.mask)
    return found


class _Judge:
    """Judges one invitation; what givers may do is asked once for each."""

    def __init__(self, catalogue: Catalogue, invitation: Invitation, at: datetime, person: PrincipalId | None) -> None:
        self.catalogue = catalogue
        self.account = invitation.account
        self.at = at
        self.person = person
        self.authorities: dict[int | None, Authority] = {}

    def bindings(self, rows: Sequence[PlannedBinding]) -> tuple[BindingOffer, ...]:
        """Judge the planned bindings; one that is assigned beside a role needs that role, from here or from before."""
        first = [self.binding(row) for row in rows]
        roles = {(offer.row.resource_id, offer.row.role) for offer in first if offer.why is None}
        return tuple(self._assigned(offer, roles) for offer in first)

    def binding(self, row: PlannedBinding) -> BindingOffer:
        """Judge one."""
        try:
            wanted = bindable(self.catalogue, row.resource.type, permissions=row.permissions.split(), role=row.role)
        except Invalid:
            return BindingOffer(row, Bindable((), "", NOTHING), sentence(NOT_BINDABLE))
        blueprint = self.catalogue.of(row.resource.type)
        why = self._place(row.resource) or self._over(row)
        if why is None and blueprint.closure(wanted.mask) & ~blueprint.closure(row.mask):
            why = sentence(GROWN)
        if why is None and not self._may_confer(row, wanted):
            why = self._may_not(row.giver_id)
        if why is None and self._holds_other_role(row, wanted, blueprint):
            why = sentence(OTHER_ROLE)
        return BindingOffer(row, wanted, why)

    def membership(self, row: PlannedMembership) -> MembershipOffer:
        """Judge a planned membership."""
        group = Group.objects.select_related("organization").filter(pk=row.group_id).first()
        if group is None:
            return MembershipOffer(row, None, sentence(GROUP_GONE))
        why = None
        if group.organization.tenant_id != self.account.tenant_id:
            why = sentence(GROUP_FOREIGN, account=self.account.name)
        why = why or self._over(row)
        if why is None and not self._may_fill(row, group):
            why = self._may_not(row.giver_id)
        before = {int(place): int(mask) for place, mask in row.gives}
        if why is None and any(mask & ~before.get(place, 0) for place, mask in growth(self.catalogue, group.pk).items()):
            why = sentence(GROWN)
        return MembershipOffer(row, group, why)

    def _place(self, resource: Resource) -> Sentence | None:
        if not resource.path.startswith(self.account.path) or resource.tenant_id != self.account.tenant_id:
            return sentence(MOVED, account=self.account.name)
        if lineages.is_in_trash(resource):
            return sentence(IN_TRASH)
        return None

    def _over(self, row: PlannedBinding | PlannedMembership) -> Sentence | None:
        return sentence(OVER, moment=row.ends_at.isoformat()) if row.ends_at is not None and row.ends_at <= self.at else None

    def _may_confer(self, row: PlannedBinding, wanted: Bindable) -> bool:
        try:
            self._giver(row.giver_id).confer(wanted.mask, row.resource)
        except Refusal:
            return False
        return True

    def _may_fill(self, row: PlannedMembership, group: Group) -> bool:
        try:
            self._giver(row.giver_id).require_owner(group)
        except Refusal:
            return False
        return True

    def _giver(self, giver: int | None) -> Authority:
        """Return what a giver may do; raises Forbidden for one who is suspended or gone."""
        if giver not in self.authorities:
            instance = Authority(Caller(None, self.at, Channel.SYSTEM), self.catalogue)
            self.authorities[giver] = instance if giver is None else of_another(PrincipalId(giver), self.at, self.catalogue)
        self.authorities[giver].require_active()
        return self.authorities[giver]

    def _may_not(self, giver: int | None) -> Sentence:
        named = sentence(THE_OPERATOR) if giver is None else name_of(PrincipalId(giver))
        return sentence(MAY_NOT, giver=named or sentence(SOMEBODY_GONE))

    def _holds_other_role(self, row: PlannedBinding, wanted: Bindable, blueprint: Blueprint) -> bool:
        """Say whether permissions would come beside a role of that very window, which does not give them."""
        if self.person is None or wanted.role:
            return False
        held = Binding.objects.filter(principal=self.person, resource=row.resource_id, starts_at=row.starts_at, ends_at=row.ends_at)
        return any(wanted.mask & ~blueprint.closure(mask) for mask in held.exclude(role="").values_list("mask", flat=True))

    def _assigned(self, offer: BindingOffer, roles: Iterable[tuple[int, str]]) -> BindingOffer:
        assignment = self.catalogue.types[offer.row.resource.type].assignment
        if offer.why is not None or assignment is None:
            return offer
        above = lineages.numbers(offer.row.resource.path)
        if any((place, assignment.role) in roles for place in above):
            return offer
        held = Binding.objects.filter(principal=self.person or 0, role=assignment.role, resource__in=above, resource__type=assignment.at)
        if held.exclude(ends_at__lte=self.at).exists():
            return offer
        label = self.catalogue.of(offer.row.resource.type).called(assignment.role)
        return BindingOffer(offer.row, offer.wanted, sentence(NEEDS_ROLE, role=label))


def window_of(row: PlannedBinding | PlannedMembership) -> Window:
    """Return from when until when something is to be given."""
    return Window(row.starts_at, row.ends_at)


def _window(row: PlannedBinding | PlannedMembership) -> tuple[str, str]:
    return tuple(moment.isoformat() if moment else "" for moment in (row.starts_at, row.ends_at))  # type: ignore[return-value]  # of two
