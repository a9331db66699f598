"""Nodes as pages about them show them: what making one means, and what its settings say."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from keyholder.domain.blueprint import Blueprint, ResourceType
from keyholder.domain.sentences import Sentence, sentence
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.shown import access, places
from keyholder.interfaces.http.wording import label
from keyholder.services.authority import LACKS
from keyholder.services.read_models import ResourceView


def creating(kind: ResourceType) -> str:
    """Return the words of the line that leads to making one of a type."""
    return _("New %(kind)s") % {"kind": label(kind.labels).lower()}


def lacking(at: ResourceView, wanted: str) -> Sentence:
    """Say what is needed for an action, or which permission, at a node."""
    blueprint = places.blueprint_of(at)
    permission = blueprint.actions[wanted].permission if wanted in blueprint.actions else wanted
    known = permission in blueprint.permissions
    return sentence(LACKS, permission=blueprint.called(permission) if known else permission, resource=at.name)


def outlook(blueprint: Blueprint, kind: ResourceType, parent: ResourceView | None, *, by_operator: bool = False) -> tuple[Fact, ...]:
    """Say who has what at a node as soon as it is there (R019, R035, reading 20); an operator may make it for somebody else."""
    return tuple(_outlook(blueprint, kind, parent, may_name=kind.guarded and by_operator))


def _outlook(blueprint: Blueprint, kind: ResourceType, parent: ResourceView | None, *, may_name: bool) -> Iterator[Fact]:
    given = [name for name in blueprint.permissions if name in kind.creator] or [name for name in (kind.creator_role,) if name]
    if given:
        labels = ", ".join(access.names(given, blueprint))
        text = (
            _("Unless you name somebody else, you get %(permissions)s there.")
            if may_name
            else _("You get %(permissions)s there, and nothing above it.")
        )
        yield Fact(text % {"permissions": labels}, "key-round")
    elif kind.names_manager:
        yield Fact(_("Making it gives you nothing there: its administrator gets everything."), "user-key")
    if parent is not None and kind.closable:
        yield Fact(_("While it is managed from above, what people hold at %(place)s holds here.") % {"place": parent.name}, "layers")
    elif parent is not None:
        yield Fact(_("What people hold at %(place)s holds here at once.") % {"place": parent.name}, "layers")
    elif given and not may_name:
        yield Fact(_("Nobody else sees it until you let them in."), "lock")
