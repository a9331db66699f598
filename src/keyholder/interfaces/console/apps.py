"""The console as Django knows it: its templates, static files and template tags."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Registers the console's template tags and static files."""

    name = "keyholder.interfaces.console"
    label = "console"
