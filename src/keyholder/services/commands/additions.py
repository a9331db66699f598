"""Adding people: permissions at a resource and memberships of groups in one transaction, all or none (R041, R042, R046, R068)."""

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.letters import Letter, LetterKind
from keyholder.domain.moments import write_moment
from keyholder.domain.permissions import Bindable, bindable
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services import letters, scopes
from keyholder.services.act import Act
from keyholder.services.acting import acting
from keyholder.services.authority import names_of
from keyholder.services.caller import Caller
from keyholder.services.commands import bindings, group_members
from keyholder.services.commands.binding_rows import Granted, Outcome
from keyholder.services.commands.finding import resource_row
from keyholder.storage.models import Resource, User


def add(
    *,
    by: Caller,
    to: Sequence[PrincipalId],
    on: ResourceId,
    permissions: Sequence[str] = (),
    role: str = "",
    groups: Sequence[PrincipalId] = (),
    window: Window = ALWAYS,
    reason: str = "",
    notify: bool = False,
) -> tuple[Granted, ...]:
    """Give known people permissions, or a role, at a resource and put them into groups, all for the same window.

    With ``notify`` each who gains something at the resource is sent one letter, where mail is set up (R045). Returns what became of each at
    the resource: added, merged with what was there, or holding it all before. Raises what
    :func:`keyholder.services.commands.bindings.grant` and :func:`keyholder.services.commands.group_members.add` raise.
    """
    with acting(by, scopes.both(scopes.of_resources(on), scopes.of_groups(*groups))) as act:
        resource = resource_row(act, on)
        wanted = bindable(act.catalogue, resource.type, permissions=permissions, role=role)
        return give(act, resource, to, wanted, groups, window, reason, notify=notify)


def give(
    act: Act,
    resource: Resource,
    to: Sequence[PrincipalId],
    wanted: Bindable,
    groups: Sequence[PrincipalId],
    window: Window,
    reason: str = "",
    *,
    notify: bool = False,
) -> tuple[Granted, ...]:
    """Give known people a set at a resource and put them into groups: the step of :func:`add`; authority is asked here."""
    granted = bindings.give(act, resource, to, wanted, window, reason, keeping=True)
    joined = {group: _gaining(group_members.admit(act, group, to, window, reason)) for group in dict.fromkeys(groups)}
    if notify:
        _tell(act, resource, wanted, window, _gaining(granted), joined)
    return granted


def _gaining(granted: Sequence[Granted]) -> set[PrincipalId]:
    return {row.principal for row in granted if row.outcome is not Outcome.UNCHANGED}


def _tell(
    act: Act,
    resource: Resource,
    wanted: Bindable,
    window: Window,
    gaining: Collection[PrincipalId],
    joined: Mapping[PrincipalId, Collection[PrincipalId]],
) -> None:
    """Post a letter to each person who gained something, with the groups that they joined (R045)."""
    names = names_of(joined)
    blueprint = act.catalogue.of(resource.type)
    details = {
        **letters.signed(act),
        "place": resource.name,
        "resource": resource.pk,
        "type": resource.type,
        "what": [wanted.role] if wanted.role else list(blueprint.minimal(wanted.mask)),
        "until": write_moment(window.ends_at) if window.ends_at else "",
    }
    path = f"/admin/{blueprint.name}/?at={quote(f'{resource.type}:{resource.key}', safe=':')}"
    for person in User.objects.filter(pk__in=gaining).order_by("pk"):
        kind = LetterKind.ACCESS_GIVEN
        theirs = {**details, "groups": [names[group] for group, people in joined.items() if person.pk in people]}
        letters.post(act, Letter(kind, person.email, person.name, person.language, person.pk, path=path, details=theirs))
