"""Whom to ask: the people who can give what somebody lacks at a node (R110)."""

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.refusals import Refusal
from keyholder.interfaces.console.parts.marks import Who
from keyholder.interfaces.console.shown import principals
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms
from keyholder.services.caller import Caller
from keyholder.services.queries.decisions import Asked
from keyholder.services.queries.explanations import explanation

FEW = 5


def helpers(by: Caller, address: str, ref: ResourceRef) -> tuple[Who, ...]:
    """Return some of those who manage users at a node, the standing ones first; nobody where the node does not exist for the caller."""
    catalogue = platforms.catalogue()
    if ref.type not in catalogue.types:
        return ()
    try:
        found = explanation(by=by, asked=Asked(address, ref, permission=catalogue.of(ref.type).granting))
    except Refusal:
        return ()
    return tuple(principals.who(person, linked=False) for person in found.ask[:FEW])


def kind(type_name: str) -> str:
    """Return what people call a type; empty for what is none."""
    found = platforms.catalogue().types.get(type_name)
    return label(found.labels) if found is not None else ""
