"""Invitations: rows of their list."""

from dataclasses import dataclass
from datetime import datetime

from keyholder.interfaces.console.parts.marks import Tone, Who


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation in a list; ``moment`` is when it was answered, or ends. Without addresses nothing can be done with it."""

    id: int
    who: Who
    standing: str
    tone: Tone
    planned: tuple[str, ...]
    inviter: str
    letter: str
    moment: datetime
    is_awaiting: bool
    again_url: str = ""
    link_url: str = ""
    revoke_url: str = ""
    take_url: str = ""
    edit_url: str = ""
