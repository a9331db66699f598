"""Principals: people, groups and service accounts, and what a person's status means (semantics 2)."""

from enum import StrEnum


class Status(StrEnum):
    """Of a user: suspended means nothing is effective anywhere, nothing is deleted."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class OrganizationRole(StrEnum):
    """What a person can be in an organization; both manage its groups, only admins appoint."""

    ADMIN = "admin"
    USER_ADMIN = "user_admin"
