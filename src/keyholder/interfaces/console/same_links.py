"""Same links: an answer counts for the very link whose page it stood on, though another one was opened in the same browser since.

The session remembers one link of a kind. Whoever leaves a page open, and opens another link beside it, must not answer that one unseen.
"""

import hashlib

from django.http import QueryDict
from django.utils.translation import gettext as _

from keyholder.interfaces.console.posting import Refused

ABOUT = "about"
"""The field that says which link an answer is about."""
LONG = 24


def mark(*parts: object) -> str:
    """Return by what a page names the link that it is about, which tells nothing of its secret."""
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()[:LONG]


def mistaken(data: QueryDict | None, about: str) -> Refused | None:
    """Return the refusal of an answer to another link than the one that the session holds; None for what is about that one."""
    if data is None or data.get(ABOUT) == about:
        return None
    return Refused((_("Another link was opened in this browser since. Look at what is shown now, then answer."),), 409, "another_link")
