"""Platforms: the blueprints of this instance, for a door that shows what they call things. Nobody's data: every reader gets the same."""

from keyholder.domain.blueprint import Catalogue
from keyholder.storage import blueprints


def catalogue() -> Catalogue:
    """Return all blueprints."""
    return blueprints.catalogue()
