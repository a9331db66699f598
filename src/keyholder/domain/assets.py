"""Assets: what people may do with a piece of configuration or of work inside a node (semantics 8, readings 05, 06 and 38).

The kinds are data in the blueprint; which permission each act needs follows from the kind and from how the asset stands to the reader.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from keyholder.domain.blueprint import AssetKind, Blueprint
from keyholder.domain.characters import is_control
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

LONGEST_BODY = 10_000
"""Characters of what an asset holds; it is kept as it was written, be it JSON or a text."""

_BODY_NO_TEXT = _("What an asset holds is a piece of text.")
_BODY_LONG = _("An asset holds at most {limit} characters, this one {length}.")
_BODY_CONTROL = _("What the asset holds has a control character in it.")


class AssetAct(StrEnum):
    """What can be done with an asset that is there."""

    VIEW = "view"
    CHANGE = "change"
    DELETE = "delete"
    SHARE = "share"
    """Make a shared copy of a personal one."""
    MARK = "mark"
    """Show it to those who see only what is marked visible, or no longer."""
    APPLY = "apply"
    """Put it to use at the place where one looks at it."""
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an asset stands to who looks at it, at the node where they look: its own, or one below where it can be applied."""

    is_here: bool = True
    """The asset lives at this very node."""
    personal: bool = False
    own: bool = False
    """The reader is its owner."""
    marked: bool = False
    applied: bool = False
    """It is put to use at this node."""


def applying(blueprint: Blueprint, kind: AssetKind, act: AssetAct = AssetAct.APPLY) -> str:
    """Return the permission that applies an asset of a kind, or takes it off, where it can be applied: a right of its own (R033)."""
    return blueprint.actions[f"{kind.name}.{act}"].permission


def needed(blueprint: Blueprint, kind: AssetKind, standing: Standing, act: AssetAct) -> tuple[str, ...]:
    """Return the permissions of which one is needed for an act; none where the act is not there for anybody.

    Nobody but its owner does anything with a personal asset, not even see it.
    """
    if (standing.personal and not standing.own) or not (standing.is_here or kind.applies_to):
        return ()
    return _NEEDED[act](blueprint, kind, standing)


def may(blueprint: Blueprint, kind: AssetKind, standing: Standing, act: AssetAct, held: int) -> bool:
    """Say whether who holds a closed set of permissions at the node may do this; what they may not see they may nothing with."""
    if act is not AssetAct.VIEW and not may(blueprint, kind, standing, AssetAct.VIEW, held):
        return False
    return bool(held & blueprint.mask(needed(blueprint, kind, standing, act)))


def clean_body(text: object) -> str:
    """Return what an asset holds, in NFC and with plain line ends: up to 10,000 characters; raises Invalid, code ``body``."""
    if not isinstance(text, str):
        raise Invalid("body", sentence(_BODY_NO_TEXT), place="body")
    body = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if len(body) > LONGEST_BODY:
        raise Invalid("body", sentence(_BODY_LONG, limit=LONGEST_BODY, length=len(body)), place="body")
    if any(is_control(character) and character not in "\n\t" for character in body):
        raise Invalid("body", sentence(_BODY_CONTROL), place="body")
    return body


def _view(blueprint: Blueprint, kind: AssetKind, standing: Standing) -> tuple[str, ...]:
    if not standing.is_here:
        seen = (kind.view,) if standing.applied else ()
        return (*seen, applying(blueprint, kind))
    return (kind.view, kind.marked) if standing.marked and kind.marked else (kind.view,)


def _change(_blueprint: Blueprint, kind: AssetKind, standing: Standing) -> tuple[str, ...]:
    if not standing.is_here:
        return ()
    return (kind.create,) if standing.personal else (kind.change,)


def _share(_blueprint: Blueprint, kind: AssetKind, standing: Standing) -> tuple[str, ...]:
    return (kind.create,) if standing.is_here and standing.personal else ()


def _mark(_blueprint: Blueprint, kind: AssetKind, standing: Standing) -> tuple[str, ...]:
    return (kind.change,) if standing.is_here and kind.marked and not standing.personal else ()


def _apply(blueprint: Blueprint, kind: AssetKind, standing: Standing) -> tuple[str, ...]:
    return () if standing.is_here or standing.applied else (applying(blueprint, kind),)


def _withdraw(blueprint: Blueprint, kind: AssetKind, standing: Standing) -> tuple[str, ...]:
    return (applying(blueprint, kind, AssetAct.WITHDRAW),) if standing.applied and not standing.is_here else ()


_NEEDED: Mapping[AssetAct, Callable[[Blueprint, AssetKind, Standing], tuple[str, ...]]] = {
    AssetAct.VIEW: _view,
    AssetAct.CHANGE: _change,
    AssetAct.DELETE: _change,
    AssetAct.SHARE: _share,
    AssetAct.MARK: _mark,
    AssetAct.APPLY: _apply,
    AssetAct.WITHDRAW: _withdraw,
}
