"""Asking a provider: its description and its keys are remembered for a while, everything else is asked anew."""

import hashlib
from typing import Any

from django.core.cache import cache

from keyholder.interfaces.http.fetching import Form, fetch
from keyholder.services.openid import Question

REMEMBERED = 600
"""Seconds."""
LEAST = 30
"""Seconds before the same is fetched again, whoever asks for a fresh answer: strangers' tokens must not make us ask all the time."""


def ask(question: Question) -> object:
    """Return the answer to a question, remembered or fetched; raises Conflict where none comes."""
    if question.form is not None or question.bearer:
        form = Form(question.form, question.basic) if question.form is not None else None
        return fetch(question.url, form=form, bearer=question.bearer)
    name = hashlib.sha256(question.url.encode()).hexdigest()
    answer: Any = cache.get(f"fetched:{name}")
    if answer is not None and not (question.is_fresh and cache.add(f"asked:{name}", 1, LEAST)):
        return answer
    answer = fetch(question.url)
    cache.set(f"fetched:{name}", answer, REMEMBERED)
    return answer


def ask_anew(question: Question) -> object:
    """Return the answer as it is now: for an operator who tests a provider. Later questions know it."""
    answer = fetch(question.url)
    cache.set(f"fetched:{hashlib.sha256(question.url.encode()).hexdigest()}", answer, REMEMBERED)
    return answer
