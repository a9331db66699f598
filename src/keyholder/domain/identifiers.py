"""Identifiers: the numbers the database gives, and the names people and files use."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

PrincipalId = NewType("PrincipalId", int)
"""A user, a group or a service account: one number space, never reused (I-GR-5)."""
ResourceId = NewType("ResourceId", int)
OrganizationId = NewType("OrganizationId", int)
TenantId = NewType("TenantId", int)
BindingId = NewType("BindingId", int)
AssetId = NewType("AssetId", int)


class PrincipalKind(StrEnum):
    """Who can hold a binding."""

    USER = "user"
    GROUP = "group"
    SERVICE_ACCOUNT = "service_account"


@dataclass(frozen=True, slots=True, order=True)
class ResourceRef:
    """How people name a resource: its type and its id in that type, written ``account:100``."""

    type: str
    key: str

    def __str__(self) -> str:
        """Return ``type:key``."""
        return f"{self.type}:{self.key}"

    @classmethod
    def parse(cls, text: str) -> "ResourceRef":
        """Read ``type:key`` (the key may hold colons); raises ValueError where there is no colon or an empty part."""
        type_, colon, key = text.partition(":")
        if not (type_ and colon and key):
            message = f"{text!r} is not TYPE:ID"
            raise ValueError(message)
        return cls(type_, key)
