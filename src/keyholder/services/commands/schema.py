"""The schema: creating and upgrading it, and refusing blueprints that drop what rows use. For the operator's command line only."""

from collections.abc import Sequence

from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import sentence
from keyholder.services.authority import NOT_OPERATOR
from keyholder.services.caller import Caller
from keyholder.storage import blueprints
from keyholder.storage import schema as storage


def migrate(*, by: Caller) -> Sequence[str]:
    """Bring the schema up to date, as its owner, and return what was applied. Raises BlueprintError, Forbidden."""
    _require_instance(by)
    storage.connect_as_owner()
    return storage.migrate()


def settle(*, by: Caller) -> None:
    """Compare the blueprints with what rows were written with. Raises BlueprintError with counts, Forbidden."""
    _require_instance(by)
    blueprints.settle()


def _require_instance(by: Caller) -> None:
    """Refuse everybody but the instance: before the schema is there, nobody can be asked whether they are an operator."""
    if not by.is_instance:
        raise Forbidden("not_operator", sentence(NOT_OPERATOR))
