"""Places: resources as pages name them, their addresses, and the path in the tree above a page."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from keyholder.domain.blueprint import Blueprint, ResourceType
from keyholder.domain.identifiers import ResourceRef
from keyholder.interfaces.console.parts.access import Place
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms
from keyholder.services.read_models import ResourceView

UNKNOWN_ICON = "circle"


def type_of(resource: ResourceView) -> ResourceType:
    """Return what the blueprint says of a resource's type."""
    return platforms.catalogue().types[resource.type]


def blueprint_of(resource: ResourceView) -> Blueprint:
    """Return the platform of a resource."""
    return platforms.catalogue().of(resource.type)


def kind(resource: ResourceView) -> str:
    """Return what people call its type."""
    return label(type_of(resource).labels)


def said(resource: ResourceView, word: str) -> str:
    """Return what the platform of a resource itself calls something that is done with users; empty where the console's words are used."""
    own = blueprint_of(resource).words.get(word)
    return label(own) if own else ""


def icon(resource: ResourceView) -> str:
    """Return the icon of its type."""
    return type_of(resource).icon or UNKNOWN_ICON


def place(path: Sequence[ResourceView]) -> Place:
    """Name the last resource of a path (the root first), with the account that it belongs to."""
    here = path[-1]
    account = next((node.name for node in path if type_of(node).account_level), "")
    return Place(here.type, here.ref.key, here.name, kind(here), icon(here), account)


def crumbs(path: Sequence[ResourceView], *pages: str) -> tuple[Crumb, ...]:
    """Return the path in the tree: the platform, each resource above, and the names of the pages that end it."""
    blueprint = blueprint_of(path[0])
    tree = [Crumb(label(blueprint.labels), admin_url(blueprint.name)), *(Crumb(node.name, url(node)) for node in path)]
    ends = [Crumb(page) for page in pages]
    return (*tree, *ends) if ends else (*tree[:-1], Crumb(tree[-1].label))


def admin_url(platform: str, selected: ResourceRef | None = None) -> str:
    """Return the address of a platform's columns with a node selected."""
    query = f"?{urlencode({'at': str(selected)})}" if selected else ""
    return reverse("console:admin", args=[platform]) + query


def url(resource: ResourceView) -> str:
    """Return the address at which a resource is selected in the columns of its platform."""
    return admin_url(blueprint_of(resource).name, resource.ref)


def page_url(name: str, resource: ResourceView, *more: object) -> str:
    """Return the address of a page about a resource: ``users``, ``permissions`` of a principal, ``settings``."""
    return reverse(f"console:{name}", args=[resource.type, resource.ref.key, *more])
