"""Sign-ins by a provider that are under way: each is used once, whoever else tries it at the same moment (R-OIDC-6, R-OIDC-8)."""

from datetime import datetime

from keyholder.storage.models import ProviderSignIn


def begin(row: ProviderSignIn, at: datetime) -> None:
    """Remember a sign-in; those that nobody came back from are forgotten."""
    ProviderSignIn.objects.filter(expires_at__lte=at).delete()
    row.save(force_insert=True)


def take(state: str, browser: str, provider: str, at: datetime) -> ProviderSignIn | None:
    """Return a sign-in and use it up; None where it is unknown, expired, another browser's, another provider's or used already."""
    row = ProviderSignIn.objects.filter(state=state, browser=browser, provider=provider, expires_at__gt=at).first()
    return row if row is not None and is_first(row) else None


def is_first(row: ProviderSignIn) -> bool:
    """Delete the row and say whether this was the hand that did: of several at once the database lets one."""
    return ProviderSignIn.objects.filter(pk=row.pk).delete()[0] == 1
