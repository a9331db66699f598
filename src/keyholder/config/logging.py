"""Logging: everything that is logged, by us and by libraries, as one JSON object a line on stderr (config/log_lines.py)."""

import logging
import sys
from collections.abc import Mapping
from functools import cached_property

QUIETER = {"django.request": logging.ERROR, "django.security.DisallowedHost": logging.CRITICAL, "asyncio": logging.WARNING}
"""Loggers that say again what interfaces/http/access_log.py says of every request."""


class Lines(logging.Formatter):
    """Makes the lines. What that needs is loaded by the first one: it takes a fifth of a command's time, and most commands log nothing."""

    @cached_property
    def _maker(self) -> logging.Formatter:
        from keyholder.config import log_lines  # noqa: PLC0415 - loaded by the first line

        return log_lines.formatter()

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return self._maker.format(record)


def configure(wanted: Mapping[str, str]) -> None:
    """Send everything through one formatter; ``wanted["level"]`` is the least that is written.

    Django calls this with its setting LOGGING.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(wanted["level"].upper())
    for name, level in QUIETER.items():
        logging.getLogger(name).setLevel(level)
