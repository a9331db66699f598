"""Signed-in sessions, with the person they belong to beside Django's opaque data, so that all of a person's can be found."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """A session; ``user`` is empty until somebody signs in with it."""

    user = models.BigIntegerField(null=True, blank=True, db_index=True)

    class Meta:
        """Under a short name, as the other tables."""

        db_table = "session"
