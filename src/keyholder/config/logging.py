"""Logging: one JSON object a line on stderr, in which nothing that a request or a name brings can begin a line of its own (R-LOG-1).

Arguments of a record are text before they are written, an exception is its own field, and what is named like a secret is left out
(R-LOG-2): the calling code is not to log one, and this is the second lock.
"""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from keyholder.interfaces.http.access_log import masked

SECRETS = ("password", "secret", "token", "authorization", "cookie", "dsn", "key")
"""Fields whose name holds one of these words are not written."""
QUIETER = {"django.request": logging.ERROR, "django.security.DisallowedHost": logging.CRITICAL, "asyncio": logging.WARNING}
"""Loggers that say again what interfaces/http/access_log.py says of every request."""
LEFT_OUT = ("request", "color_message")
"""Fields that libraries add: an address with its query, and the same words in colours."""

Line = MutableMapping[str, Any]


def configure(wanted: Mapping[str, str]) -> None:
    """Send everything that is logged, by us and by libraries, through one formatter; ``wanted["level"]`` is the least that is written.

    Django calls this with its setting LOGGING.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                hide,
                structlog.processors.JSONRenderer(ensure_ascii=True),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(wanted["level"].upper())
    for name, level in QUIETER.items():
        logging.getLogger(name).setLevel(level)


def hide(_logger: object, _method: str, line: Line) -> Line:
    """Leave out what may hold a secret: fields that are named like one, and in a library's words what looks like a token."""
    for name in LEFT_OUT:
        line.pop(name, None)
    for name in line:
        if any(word in name.lower() for word in SECRETS):
            line[name] = "(hidden)"
    if str(line.get("logger", "")).startswith("django"):
        line["event"] = masked(str(line["event"]))
    return line
