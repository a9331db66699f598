"""A line of the log: one JSON object, in which nothing that a request or a name brings can begin a line of its own (R-LOG-1).

Arguments of a record are text before they are written, an exception is its own field, and what is named like a secret is left out
(R-LOG-2): the calling code is not to log one, and this is the second lock.
"""

import logging
from collections.abc import MutableMapping
from typing import Any

from structlog import contextvars, processors, stdlib

from keyholder.interfaces.http.access_log import masked

SECRETS = ("password", "secret", "token", "authorization", "cookie", "dsn", "key")
"""Fields whose name holds one of these words are not written."""
LEFT_OUT = ("request", "color_message")
"""Fields that libraries add: an address with its query, and the same words in colours."""

Line = MutableMapping[str, Any]


def formatter() -> logging.Formatter:
    """Return what makes a line of a record, ours or a library's."""
    return stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            contextvars.merge_contextvars,
            stdlib.add_log_level,
            stdlib.add_logger_name,
            stdlib.ExtraAdder(),
            processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            stdlib.ProcessorFormatter.remove_processors_meta,
            processors.format_exc_info,
            hide,
            processors.JSONRenderer(ensure_ascii=True),
        ],
    )


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
