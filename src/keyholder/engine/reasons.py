"""Reasons: the words in which an answer says why, stable for programs; the doors have sentences for them."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a question is answered as it is. A check names the coarse ones; an explanation finds out what lies behind NOT_HELD."""

    GRANTED = "granted"
    UNKNOWN_PRINCIPAL = "unknown_principal"
    UNKNOWN_RESOURCE = "unknown_resource"
    """Also one that hangs where no blueprint puts it, or whose ancestor is missing."""
    UNKNOWN_PERMISSION = "unknown_permission"
    """Neither a permission nor an action of the resource's platform; or both, or none, were asked for."""
    ACTION_NOT_HERE = "action_not_here"
    """Neither the resource nor an ancestor is of one of the action's types."""
    SUSPENDED = "suspended"
    SUSPENDED_IN_ORGANIZATION = "suspended_in_organization"
    TRASHED = "trashed"
    """The resource or an ancestor is in the trash."""
    NOT_HELD = "not_held"

    NOT_YET = "not_yet"
    """A binding, or a membership on the way to it, has not begun."""
    ENDED = "ended"
    """A binding, or a membership on the way to it, has ended."""
    UNASSIGNED = "unassigned"
    """The binding counts only while its principal holds a role further up."""
    CLOSED_EDGE = "closed_edge"
    """It is held above, and the edge in between is closed."""
    NOT_PASSED_ON = "not_passed_on"
    """It is held above and never crosses the edge in between."""
    BELOW_ONLY = "below_only"
    """It is held at something below, and nothing rises."""
    LACKS_PERMISSION = "lacks_permission"
    """Other permissions are held here, this one is not."""
    NO_BINDING = "no_binding"
    FOREIGN_GROUP = "foreign_group"
    """A group is bound outside what is linked to its organization: such a row is never looked at (R-PRV-7)."""
