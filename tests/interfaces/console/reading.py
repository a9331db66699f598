"""Reading pages in tests: what they say, and where a form that is accepted leads."""

import html
import re
from collections.abc import Mapping
from typing import Any

from django.test import Client


def text(answer: Any) -> str:
    """Return what a page says, without its tags, in one line; addresses in one piece."""
    page = answer.content.decode().replace("<wbr>", "")
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def followed(client: Client, url: str, fields: Mapping[str, object]) -> str:
    """Send a form that is accepted, and return what the page says that it leads to."""
    answer = client.post(url, fields)
    assert answer.status_code == 302, text(answer)
    return text(client.get(answer["Location"]))
