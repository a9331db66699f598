"""Asking for a new invitation where a link leads no further: whoever holds it asks those who manage the place (semantics 6, R106, R110)."""

from dataclasses import replace

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.domain.invitations import Link, Says, Way
from keyholder.domain.permissions import bindable
from keyholder.domain.refusals import Invalid
from keyholder.services import invitation_letters, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands import requests
from keyholder.services.commands.invitation_rows import ask_managers, linked_row, term_of
from keyholder.services.invitation_links import are_copied
from keyholder.services.offers import Offers, offers_of
from keyholder.storage import blueprints
from keyholder.storage.models import Invitation, PlannedBinding, User


def ask(*, by: Caller, link: Link, email: str = "", reason: str = "", language: str = "") -> bool:
    """Ask for what an invitation was to give; say whether its link stays good and waits for a manager to take it over.

    Whoever is signed in asks as themselves; everybody else in the name of the invited address, or of another ``email`` that is theirs. It
    becomes a request for access, with its limits, of which who invited learns as well if they may still grant there; where the link is
    good and only nobody can give anything, the managers of the account are asked to take the invitation over. Raises NotFound, and what
    :func:`keyholder.services.commands.requests.ask` does.
    """
    row = linked_row(link)
    if not email and _awaits(by, link, row):
        return True
    at, permissions, role = _planned(row)
    requests.ask(
        by=by,
        at=at,
        email=email or row.email,
        permissions=permissions,
        role=role,
        reason=reason,
        language=language or row.language,
        also=[PrincipalId(giver) for giver in invitation_letters.givers(row)],
    )
    return False


def _awaits(by: Caller, link: Link, row: Invitation) -> bool:
    """Ask the managers of the account, where all that is missing is somebody who can give it; say whether that is so."""
    writer = by if by.principal is not None else replace(by, channel=Channel.SYSTEM, name=row.email)
    with acting(writer, scopes.of_invitation(link.invitation)) as act:
        row = linked_row(link)
        judged = _judged(act, link, row)
        if judged is None or not judged.is_empty_handed:
            return False
        ask_managers(act, row, judged)
        return True


def _judged(act: Act, link: Link, row: Invitation) -> Offers | None:
    """Return what a link gives now to whoever is looking; None where it is not good for them."""
    reader = User.objects.filter(pk=act.by.principal).first() if act.by.principal is not None else None
    if reader is not None and reader.canonical != row.canonical:
        return None
    if term_of(act, row).says(link, act.at, copied_links=are_copied()) is not Says.CURRENT:
        return None
    verified = link.way is Way.MAILED or (reader is not None and reader.email_verified)
    return offers_of(act.catalogue, row, act.at, person=PrincipalId(reader.pk) if reader else None, verified=verified)


def _planned(row: Invitation) -> tuple[ResourceRef, tuple[str, ...], str]:
    """Return what an invitation was to give at its one place; where there are several, or none, the account, with the rest left open."""
    planned = list(PlannedBinding.objects.filter(invitation=row, resource__trashed_at__isnull=True).select_related("resource")[:2])
    if len(planned) != 1:
        return ResourceRef(row.account.type, row.account.key), (), ""
    place, permissions, role = planned[0].resource, tuple(planned[0].permissions.split()), planned[0].role
    at = ResourceRef(place.type, place.key)
    try:
        bindable(blueprints.catalogue(), at.type, permissions=permissions, role=role)
    except Invalid:
        return at, (), ""
    return at, permissions, role
