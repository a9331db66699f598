"""Columns that several tables share."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    Text = models.CharField[str, str]
else:
    Text = models.CharField  # generic for the type checker only


class BytesText(Text):
    """Text compared by bytes on both databases: SQLite does so by itself, PostgreSQL is told to (collation C)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on to Django's field
        """Take what a CharField takes; the length is 320 where none is given."""
        kwargs.setdefault("max_length", 320)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str | None:  # noqa: ANN401 - a Django connection wrapper
        """Return the column's type, with its collation on PostgreSQL."""
        column = super().db_type(connection)
        return f'{column} COLLATE "C"' if connection.vendor == "postgresql" else column

    def cast_db_type(self, connection: Any) -> str | None:  # noqa: ANN401 - a Django connection wrapper
        """Return the type to cast to, without the collation."""
        return super().db_type(connection)


def reference(to: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - stands for ForeignKey itself
    """Make a foreign key that the database holds and that deletes nothing by itself: the ledger notes every row (I-GR-4)."""
    kwargs.setdefault("related_name", "+")
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, **kwargs)


class Windowed(models.Model):
    """From when until when the row is in force; an open side is NULL (semantics 3)."""

    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """No table of its own."""

        abstract = True


def window_is_forward(name: str) -> models.CheckConstraint:
    """Make the constraint that a window ends after it starts."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(starts_at__isnull=True) | models.Q(ends_at__isnull=True) | models.Q(starts_at__lt=models.F("ends_at")),
    )
