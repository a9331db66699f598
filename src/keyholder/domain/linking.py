"""Linking: the two sides that have to agree (semantics 5)."""

from enum import StrEnum


class Side(StrEnum):
    """A side of a link."""

    ACCOUNT = "account"
    """Who manages the account's users and may link it speaks for it."""
    ORGANIZATION = "organization"
    """Its admins speak for it."""
