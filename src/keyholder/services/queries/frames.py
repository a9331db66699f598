"""What the frame around every page needs to know: whether there is an operator, and which platforms mean something to the reader."""

from keyholder.domain.principals import Status
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of
from keyholder.storage import visibility
from keyholder.storage.models import User


def is_operated() -> bool:
    """Say whether there is an operator who can act (I-MG-2). Every page says so where there is none, also to who is not signed in."""
    return User.objects.filter(is_operator=True, status=Status.ACTIVE.value).exists()


def platforms(*, by: Caller, creating: bool) -> tuple[str, ...]:
    """Return the platforms where something exists for the reader; all of them where the reader may create what stands at their top."""
    catalogue = authority_of(by).catalogue
    if creating or by.principal is None:
        return tuple(catalogue.blueprints)
    reader = by.principal
    return tuple(blueprint.name for blueprint in catalogue if visibility.has_any(reader, blueprint.root_type.name, by.at))


def holds_anything(*, by: Caller) -> bool:
    """Say whether the reader holds anything: to whom nothing was given, and who was at most invited, is told so (R110)."""
    return by.principal is not None and visibility.holds_anything(by.principal, by.at)
