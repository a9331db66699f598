"""Activity as it is asked for: which events, told about whom and where. Plain values; storage turns them into SQL (R-AUD-4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.events import ACTIONS, Channel
from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

UNKNOWN_ACTION = _('There is no action "{action}"; there are: {known}.')


@dataclass(frozen=True, slots=True)
class Filters:
    """What an event must match; what is empty or None is not asked. All are combined.

    Raises Invalid, code ``action``, for an action that no event has.
    """

    actor: PrincipalId | None = None
    """Who did it."""
    subject: PrincipalId | None = None
    """To whom it happened."""
    resource: ResourceId | None = None
    """At this node or below it."""
    organization: OrganizationId | None = None
    """In what belongs to it: the accounts linked to it, its people and groups."""
    action: str = ""
    """One action (``access.granted``), or a whole area of them (``access``)."""
    channel: Channel | None = None
    refused: bool = False
    """Refused attempts only."""
    doings: bool = False
    """Nothing about signing in and out."""
    since: datetime | None = None
    """At this moment or later."""
    until: datetime | None = None
    """Before this moment."""

    def __post_init__(self) -> None:
        """Refuse an action that is none."""
        if self.action and not self.actions:
            raise Invalid("action", sentence(UNKNOWN_ACTION, action=self.action, known=", ".join(AREAS)), place="action")

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions that are asked for; empty where all are."""
        return (self.action,) if self.action in ACTIONS else AREAS.get(self.action, ())


def _areas() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for action in ACTIONS:
        area = action.partition(".")[0]
        found[area] = (*found.get(area, ()), action)
    return found


AREAS = _areas()
"""The actions by what they are about: the word before the dot."""
