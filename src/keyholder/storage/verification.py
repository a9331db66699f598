"""What no state may hold, each looked for by one statement: rows about nothing, trees that are none, edges that cross (I-GR-1 to 5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import PrincipalId, PrincipalKind
from keyholder.storage.models import Membership
from keyholder.storage.statements import fetch

TO_PRINCIPALS = (
    ("binding", "principal_id"),
    ("membership", "member_id"),
    ("membership", "group_id"),
    ("group_owner", "user_id"),
    ("group_owner", "group_id"),
    ("organization_member", "user_id"),
    ("organization_suspension", "user_id"),
    ("asset", "owner_id"),
)
OWN_TABLES = (("user", "user"), ("group", "group"), ("service_account", "service_account"))
"""Kinds of principals and the table in which each has its own row."""


Look = tuple[str, str, str]
"""A table, one of its columns, and the statement that finds the ``id`` of rows in which it is wrong."""


@dataclass(frozen=True, slots=True)
class Flawed:
    """A row that should not be as it is."""

    table: str
    row: int
    column: str = ""


def nestings() -> list[tuple[PrincipalId, PrincipalId]]:
    """Return every edge from a group to a group inside it, by whatever window."""
    rows = Membership.objects.filter(member__kind=PrincipalKind.GROUP.value).order_by("pk").values_list("group_id", "member_id")
    return [(PrincipalId(group), PrincipalId(member)) for group, member in rows]


def dangling() -> Iterator[Flawed]:
    """Go through the rows that refer to a row that is not there, or to a principal that was deleted (I-GR-4)."""
    looks = [
        (
            own,
            column,
            f"""SELECT s."{key}" AS id FROM "{own}" s LEFT JOIN "{target}" t ON t."{target_key}" = s."{column}"
                 WHERE s."{column}" IS NOT NULL AND t."{target_key}" IS NULL""",
        )
        for own, key, column, target, target_key in _references()
    ]
    looks += [
        (table, column, f'SELECT s.id FROM "{table}" s JOIN principal p ON p.id = s.{column} WHERE p.deleted_at IS NOT NULL')
        for table, column in TO_PRINCIPALS
    ]
    looks += [
        (
            "principal",
            "kind",
            f"""SELECT p.id FROM principal p LEFT JOIN "{table}" t ON t.principal_id = p.id
                 WHERE p.kind = '{kind}' AND p.deleted_at IS NULL AND t.principal_id IS NULL""",
        )
        for kind, table in OWN_TABLES
    ]
    return _flawed(looks)


def risen() -> Iterator[Flawed]:
    """Go through the rows of principals that were deleted, or are of another kind: a tombstone keeps its number for good (I-GR-5)."""
    looks = [
        (
            table,
            "principal_id",
            f"""SELECT t.principal_id AS id FROM "{table}" t JOIN principal p ON p.id = t.principal_id
                 WHERE p.deleted_at IS NOT NULL OR p.kind <> '{kind}'""",
        )
        for kind, table in OWN_TABLES
    ]
    return _flawed(looks)


def misplaced(catalogue: Catalogue) -> Iterator[Flawed]:
    """Go through the resources that hang where no blueprint puts them, or whose path is not their way up (I-GR-2)."""
    rights: list[str] = []
    parameters: dict[str, str] = {}
    for number, kind in enumerate(catalogue.types.values()):
        parameters |= {f"type{number}": kind.name, f"parent{number}": kind.parent or ""}
        open_only = "" if kind.closable else " AND r.managed IS NULL"
        rights.append(f"(r.type = %(type{number})s AND COALESCE(p.type, '') = %(parent{number})s{open_only})")
    tree = "FROM resource r LEFT JOIN resource p ON p.id = r.parent_id"
    way = "COALESCE(p.path, '/') || CAST(r.id AS text) || '/'"
    looks = [
        ("resource", "type", f"SELECT r.id {tree} WHERE NOT ({' OR '.join(rights)})"),
        ("resource", "path", f"SELECT r.id {tree} WHERE r.path <> {way}"),
    ]
    return _flawed(looks, parameters)


def crossing(catalogue: Catalogue) -> Iterator[Flawed]:
    """Go through the edges whose two ends belong to different tenants (I-GR-3)."""
    named = {f"type{number}": kind.name for number, kind in enumerate(k for k in catalogue.types.values() if k.links)}
    linkable = ", ".join(f"%({name})s" for name in named) or "''"
    looks = [
        (
            "resource",
            "tenant_id",
            """SELECT r.id FROM resource r JOIN tenant t ON t.id = r.tenant_id LEFT JOIN resource p ON p.id = r.parent_id
                 LEFT JOIN organization o ON o.id = r.organization_id
                WHERE r.tenant_id <> COALESCE(o.tenant_id, p.tenant_id, r.tenant_id)
                   OR (r.organization_id IS NULL AND r.parent_id IS NULL AND (t.kind <> 'root' OR EXISTS (
                        SELECT 1 FROM resource x WHERE x.tenant_id = r.tenant_id AND x.parent_id IS NULL AND x.id <> r.id)))
               """,
        ),
        (
            "resource",
            "organization_id",
            f"SELECT r.id FROM resource r WHERE r.organization_id IS NOT NULL AND r.type NOT IN ({linkable})",
        ),
        (
            "binding",
            "principal_id",
            """SELECT b.id FROM binding b JOIN resource r ON r.id = b.resource_id JOIN "group" g ON g.principal_id = b.principal_id
                 JOIN organization o ON o.id = g.organization_id WHERE o.tenant_id <> r.tenant_id""",
        ),
        (
            "membership",
            "member_id",
            """SELECT m.id FROM membership m JOIN "group" g ON g.principal_id = m.group_id JOIN "group" x ON x.principal_id = m.member_id
                WHERE x.organization_id <> g.organization_id""",
        ),
        (
            "organization",
            "tenant_id",
            "SELECT o.id FROM organization o JOIN tenant t ON t.id = o.tenant_id WHERE t.kind <> 'organization'",
        ),
    ]
    return _flawed(looks, named)


def _references() -> Iterator[tuple[str, str, str, str, str]]:
    """Go through the foreign keys: the table with its key and the column, and the table with its key where that leads."""
    for model in apps.get_app_config("storage").get_models():
        own = model._meta  # noqa: SLF001 - Django's documented name
        for field in own.concrete_fields:
            if isinstance(field, models.ForeignKey):
                target = field.related_model._meta  # noqa: SLF001 - the same
                yield own.db_table, str(own.pk.column), field.column, target.db_table, str(target.pk.column)


def _flawed(looks: Sequence[Look], parameters: Mapping[str, str] | None = None) -> Iterator[Flawed]:
    """Go through what several looks find: one query."""
    parts = (f"SELECT '{table}' AS noun, '{column}' AS part, f.id AS id FROM ({found}) f" for table, column, found in looks)
    lines = fetch(" UNION ALL ".join(parts) + " ORDER BY 1, 3, 2", dict(parameters or {}))
    return (Flawed(table, row, column) for table, column, row in lines)
