"""Reviewing: nothing is saved but what was shown. What was shown goes along with the form as a digest (R048)."""

import hashlib
import json

from keyholder.interfaces.http.requests import Request

FIELD = "reviewed"


def digest(*parts: object) -> str:
    """Return what stands for everything that a review was about."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()[:24]


def was_reviewed(request: Request, current: str) -> bool:
    """Say whether the form was sent from the review of exactly this."""
    return request.POST.get(FIELD) == current
