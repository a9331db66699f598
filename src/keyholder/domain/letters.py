"""Letters: what the instance mails, each kind with its purpose. A letter waits in the outbox until a mail server has taken it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter is about; its two templates, text and HTML, have this name."""

    INVITATION = "invitation"
    INVITATION_ANSWERED = "invitation_answered"
    ACCESS_GIVEN = "access_given"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a letter
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the same
    ADDRESS_PROOF = "address_proof"
    ADDRESS_CHANGED = "address_changed"
    FACTOR_CHANGED = "factor_changed"
    REQUEST_MADE = "request_made"
    REQUEST_ANSWERED = "request_answered"
    RESOURCE_TRASHED = "resource_trashed"
    LINK_ASKED = "link_asked"
    LINK_ANSWERED = "link_answered"
    TEST = "test"


class LetterState(StrEnum):
    """Where a letter is: waiting for its turn or its next try, taken by a mail server, given up, or taken back before it went."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as a command posts it: to whom, in which language, about what, with the names that fill it. It holds no secret.

    ``about`` and ``generation`` are the number and the generation of what its secret link is made for, where its kind has one;
    ``path`` is the page of the console that its link leads to where it has no secret.
    """

    kind: LetterKind
    recipient: str
    name: str = ""
    language: str = ""
    about: int = 0
    generation: int = 0
    path: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
