"""Opening: what a command needs before it acts. Django is loaded here and not sooner, so that ``--help`` is quick."""

import os
import secrets
from typing import TYPE_CHECKING

from keyholder.interfaces.cli.failures import NOT_MIGRATED, UnreachableError

if TYPE_CHECKING:
    from keyholder.services.caller import Caller

NAME = "operator"
"""As whom the log knows the command line."""


def start() -> None:
    """Load the settings and the tables. Raises ImproperlyConfigured for a setting that can't be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keyholder.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def operator() -> "Caller":
    """Return the operator's command line as a caller, now; the database must be there. Raises UnreachableError."""
    caller = founder()
    from keyholder.services.queries import readiness

    if not readiness.is_there():
        raise UnreachableError(NOT_MIGRATED)
    return caller


def founder() -> "Caller":
    """Return the same caller where the database may be made only now."""
    start()
    from keyholder.domain.events import Channel
    from keyholder.interfaces.http import clock
    from keyholder.services.caller import Caller

    return Caller(None, clock.now(), Channel.CLI, NAME, secrets.token_hex(16))
