"""References: what people type to mean somebody or something: an address, a name, ``type:key``; only what they may see."""

from collections.abc import Sequence
from typing import TypeVar

from keyholder.domain.addresses import canon
from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.names import name_key
from keyholder.domain.refusals import Invalid, NotFound
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.caller import Caller
from keyholder.services.naming import principal_views
from keyholder.services.queries import lookups, tree
from keyholder.services.queries.decisions import canonical_of
from keyholder.services.queries.organizations import organizations
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import OrganizationView, PrincipalView, ResourceView

NOBODY = _('Nobody you know here is called "{text}" or has that address.')
NOTHING = _('Nothing that you can see is called "{text}".')
SEVERAL = _('"{text}" can mean several: {known}. Say which by its address or id.')

View = TypeVar("View", PrincipalView, ResourceView)


def principal(*, by: Caller, text: str, place: str = "") -> PrincipalView:
    """Return the one person or group that a text names: by address, by name, by part of either.

    Raises Invalid for none and for several, with ``place`` as the field that holds the text.
    """
    authority = authority_of(by)
    if authority.is_operator() and canonical_of(text):
        try:
            number = lookups.user(by=by, email=text)
        except NotFound as refusal:
            raise Invalid("nobody", refusal.sentence, place=place) from refusal
        return principal_views([number])[number]
    found = tree.search(by=by, text=_address_or_name(text))
    return _one([*found.people, *found.groups], text, NOBODY, place)


def resource(*, by: Caller, text: str, place: str = "") -> ResourceView:
    """Return the one resource that a text names: ``type:key``, an id, a name or part of one. Raises Invalid as :func:`principal` does."""
    try:
        return tree.node(by=by, ref=ResourceRef.parse(text.strip()))
    except (ValueError, NotFound):
        found = tree.search(by=by, text=text).resources
    return _one(found, text, NOTHING, place)


def organization(*, by: Caller, text: str, place: str = "") -> OrganizationView:
    """Return the one organization of the caller's that a text names: by its id, by name. Raises Invalid as :func:`principal` does."""
    wanted = text.strip()
    found = [home for home in organizations(by=by) if home.key == wanted or name_key(home.name) == name_key(wanted)]
    exact = [home for home in found if home.key == wanted] or found
    if not exact:
        raise Invalid("nobody", sentence(NOTHING, text=text), place=place)
    if len(exact) > 1:
        raise Invalid("several", sentence(SEVERAL, text=text, known=", ".join(f"{h.name} ({h.key})" for h in exact)), place=place)
    return exact[0]


def _address_or_name(text: str) -> str:
    try:
        return canon(text)
    except Invalid:
        return text


def _one(found: Sequence[View], text: str, none: str, place: str) -> View:
    """Return the one that is called exactly so, else the one with this very address or id, else the only one."""
    wanted = {name_key(text), name_key(_address_or_name(text))}
    exact = [[view for view in found if name_key(_names(view)[side]) in wanted] for side in (0, 1)]
    candidates = exact[0] or exact[1] or list(found)
    if not candidates:
        raise Invalid("nobody", sentence(none, text=text), place=place)
    if len(candidates) > 1:
        raise Invalid("several", sentence(SEVERAL, text=text, known=", ".join(map(_said, candidates))), place=place)
    return candidates[0]


def _names(view: PrincipalView | ResourceView) -> tuple[str, str]:
    return (view.name, view.address) if isinstance(view, PrincipalView) else (view.name, view.ref.key)


def _said(view: PrincipalView | ResourceView) -> str:
    return view.address or view.name if isinstance(view, PrincipalView) else f"{view.name} ({view.ref})"
