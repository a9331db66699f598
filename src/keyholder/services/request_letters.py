"""Letters that tell of requests for access: to who decides them, or who can appoint somebody that does (semantics 6, R111)."""

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.letters import Letter, LetterKind
from keyholder.services import authority, letters, request_rows
from keyholder.services.act import Act
from keyholder.services.invitation_rights import grants
from keyholder.storage import requests
from keyholder.storage.models import AccessRequest, Resource, User


def ask_managers(
    act: Act, row: AccessRequest, asker: str, place: Resource | None, at: ResourceRef | None, also: Collection[PrincipalId]
) -> None:
    """Write to those who decide a request, and to those of ``also`` who may grant there.

    ``asker`` is the name of who asks, empty where only the address is known. The same is done where there is no ``place`` to which ``at``
    leads (R-ENU-1).
    """
    nodes = requests.lineage(place)
    told = _told(act, row, place, nodes)
    told += [to for to in _granting(act, row, place, also) if to.canonical not in {known.canonical for known in told}]
    details = {
        "asker": asker or row.shown,
        "address": row.shown,
        "place": place.name if place is not None else str(at),
        "type": at.type if at is not None else "",
        "what": [row.role] if row.role else row.permissions.split(),
        "reason": row.reason,
        "days": row.days or 0,
    }
    bereft = requests.unmanaged(nodes)
    letters.post_all(act, [_letter(row, details, to, bereft if to.appoints else None) for to in told])


def _letter(row: AccessRequest, details: Mapping[str, object], to: requests.Recipient, bereft: ResourceRef | None) -> Letter:
    """Write to somebody about a request: with ``bereft``, which nobody manages, to appoint somebody there, else to decide it."""
    if bereft is None:
        path, told = f"{request_rows.QUEUE}{row.pk}/", details
    else:
        path, told = f"/{quote(bereft.type)}/{quote(bereft.key)}/appoint/", {**details, "appoints": True}
    return Letter(LetterKind.REQUEST_MADE, to.address, to.name, to.language, row.pk, path=path, details=told)


def _told(act: Act, row: AccessRequest, place: Resource | None, nodes: Sequence[ResourceId]) -> list[requests.Recipient]:
    """Return who is told: the standing managers of the nearest node that has any but the asker; somebody even for no place."""
    found = requests.managers_near(nodes, act.primary, act.catalogue, act.at, admins=place is not None and _admins_grant(act, place))
    for node in (*nodes, requests.OTHERS):
        others = [to for to in found.get(node, []) if to.canonical != row.canonical]
        if others:
            return others
    return [requests.Recipient(row.shown, row.canonical, "", "")] if place is None else []


def _granting(act: Act, row: AccessRequest, place: Resource | None, people: Collection[PrincipalId]) -> list[requests.Recipient]:
    """Return those of some people, but the asker, who may grant at a place: they can answer there, and read nothing that is not theirs."""
    found = User.objects.filter(pk__in=people).exclude(canonical=row.canonical).order_by("pk") if place is not None else ()
    return [
        requests.Recipient(one.email, one.canonical, one.name, one.language)
        for one in found
        if place is not None and grants(authority.of_another(PrincipalId(one.pk), act.at, act.catalogue), place)
    ]


def _admins_grant(act: Act, place: Resource) -> bool:
    """Say whether an organization's admins may grant at what is linked to it, on the platform of a resource."""
    blueprint = act.catalogue.of(place.type)
    return bool(blueprint.closure(blueprint.organization_admins_hold) & blueprint.granting_mask)
