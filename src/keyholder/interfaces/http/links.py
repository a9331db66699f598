"""Links that leave this instance: made from the configured public address, never from a request (R-HST-1)."""

from django.conf import settings


def invitation_link(secret: str) -> str:
    """Return the link of an invitation; empty where there is no secret to show."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/invitation/{secret}/" if secret else ""
