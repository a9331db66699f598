"""The two moments that stand for an open side of a window inside a unique key."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import Value

FAR_PAST = Value(datetime(1, 1, 2, tzinfo=UTC), output_field=models.DateTimeField())
FAR_FUTURE = Value(datetime(9999, 12, 30, tzinfo=UTC), output_field=models.DateTimeField())
