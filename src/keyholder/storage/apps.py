"""The storage room as Django knows it."""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    """Registers the models under the label ``storage``; connections are checked as they open."""

    name = "keyholder.storage"
    label = "storage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Check each database connection when it is made."""
        from keyholder.storage import connections  # noqa: PLC0415 - needs the app registry

        connections.watch()
