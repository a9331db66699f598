"""Signed-in sessions, with the person they belong to beside Django's opaque data, so that all of a person's can be found."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """A session; ``user`` is empty until somebody has proven with it who they are, ``is_open`` says that nothing is left to prove."""

    user = models.BigIntegerField(null=True, blank=True, db_index=True)
    is_open = models.BooleanField(default=False)
    since = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    address = models.CharField(max_length=64, blank=True, default="")
    browser = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        """Under a short name, as the other tables."""

        db_table = "session"
