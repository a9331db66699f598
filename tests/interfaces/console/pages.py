"""Parts of pages in tests: the content without the frame, the navigation, what is said about what was just done."""

import re
from html import unescape
from typing import Any


def text(answer: Any) -> str:
    """Return the words of a page's content, in one line, without the frame around it."""
    page = answer.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    drawn = re.sub(r'<wbr>|<span class="avatar[^>]*>.*?</span>|<svg.*?</svg>', "", main, flags=re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", drawn)
    return " ".join(unescape(words).split())


def navigation(answer: Any) -> list[str]:
    """Return the lines of the navigation at the left."""
    page = answer.content.decode()
    side = page[page.index('<div class="navigation">') : page.index('<div class="signed-in">')]
    return re.findall(r'<span class="min-w-0 truncate">([^<]+)</span>', side)


def toast(answer: Any) -> str:
    """Return what a page says about what was just done."""
    said = re.findall(r'<p class="min-w-0 flex-1">([^<]*)</p>', answer.content.decode())
    return unescape(" ".join(said))


def crumbs(answer: Any) -> list[str]:
    """Return the breadcrumbs of a page."""
    return [crumb.label for crumb in answer.context["crumbs"]]


def shapes(queries: Any) -> tuple[str, ...]:
    """Return what the database was asked, without what was asked about: values and numbers."""
    return tuple(re.sub(r"'[^']*'|\d+", "?", query["sql"]).replace("\n", " ") for query in queries)
