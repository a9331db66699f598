"""The directory: everybody of the instance, for its operator (semantics 2)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from keyholder.domain.identifiers import PrincipalId, PrincipalKind
from keyholder.domain.names import name_key
from keyholder.domain.principals import Status
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import Badge, PrincipalView
from keyholder.services.turning import Wish, turn
from keyholder.storage import locks
from keyholder.storage.models import Identity, User

USUAL = 50
"""Rows on a page."""


class Whom(StrEnum):
    """Which people are listed."""

    EVERYBODY = "everybody"
    OPERATORS = "operators"
    SUSPENDED = "suspended"


WHOM = {
    Whom.EVERYBODY: Q(),
    Whom.OPERATORS: Q(is_operator=True),
    Whom.SUSPENDED: Q(status=Status.SUSPENDED.value),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of the instance."""

    principal: PrincipalView
    badges: frozenset[Badge]
    has_password: bool
    has_identity: bool
    """They are linked with an identity provider."""
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Directory:
    """One page, by name; how many match in all, and in each list; a cursor is empty where there is no such page."""

    rows: tuple[Listed, ...]
    total: int
    counts: dict[Whom, int]
    next: str = ""
    previous: str = ""


def directory(*, by: Caller, whom: Whom = Whom.EVERYBODY, text: str = "", cursor: str = "", size: int = USUAL) -> Directory:
    """Return a page of the people of the instance, whose name or address holds a text.

    Raises Forbidden for anybody but an operator, Invalid for a cursor of another list.
    """
    authority_of(by).require_operator()
    with locks.snapshot():
        matching = User.objects.filter(search_key__contains=name_key(text)) if text.strip() else User.objects.all()
        counts = {kind: matching.filter(condition).count() for kind, condition in WHOM.items()}
        listed = matching.filter(WHOM[whom])
        page = turn(lambda wish: _read(listed, wish), lambda row: (row.name_key, row.pk), cursor, size, "directory", whom, text)
        linked = set(Identity.objects.filter(user__in=[row.pk for row in page.rows]).values_list("user", flat=True))
    return Directory(
        tuple(_listed(row, by, is_linked=row.pk in linked) for row in page.rows), counts[whom], counts, page.next, page.previous
    )


def require(*, by: Caller) -> None:
    """Raise Forbidden for anybody but an operator: before a page asks for anything about people."""
    authority_of(by).require_operator()


def _read(rows: QuerySet[User], wish: Wish) -> list[User]:
    order = ("-name_key", "-pk") if wish.backwards else ("name_key", "pk")
    if wish.after is not None:
        name, number = wish.after
        side = "lt" if wish.backwards else "gt"
        rows = rows.filter(Q(**{f"name_key__{side}": name}) | Q(name_key=name, **{f"pk__{side}": number}))
    return list(rows.order_by(*order)[: wish.most])


def _listed(row: User, by: Caller, *, is_linked: bool) -> Listed:
    badges = {
        Badge.YOU: row.pk == by.principal,
        Badge.OPERATOR: row.is_operator,
        Badge.SUSPENDED: row.status == Status.SUSPENDED.value,
    }
    view = PrincipalView(PrincipalId(row.pk), PrincipalKind.USER, row.name, row.email)
    marks = frozenset(badge for badge, applies in badges.items() if applies)
    return Listed(view, marks, row.has_usable_password(), is_linked, row.last_seen_at)
