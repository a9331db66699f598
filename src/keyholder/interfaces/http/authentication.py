"""Who a session belongs to. The password itself is checked by ``services.commands.signing_in``; Django keeps the session."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import BaseBackend

from keyholder.services.provider_rules import with_whether_there_are_any


class SignInBackend(BaseBackend):
    """Finds the person of a session, and by the same query whether provider rules are to be asked; nobody who is suspended has one."""

    def get_user(self, user_id: int) -> Any:  # noqa: ANN401 - a row of a room that doors do not know
        """Return the person, if they may still be signed in."""
        row = with_whether_there_are_any(get_user_model().objects.filter(pk=user_id)).first()
        return row if row is not None and row.is_active else None
