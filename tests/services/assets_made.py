"""What tests about assets share: making one of a kind, seeing what somebody sees, asking by an action."""

from keyholder.domain.identifiers import AssetId, PrincipalId, ResourceId, ResourceRef
from keyholder.engine.decision import Question, check
from keyholder.services.commands import assets
from keyholder.services.commands.assets import NewAsset
from keyholder.services.queries import assets as queries
from keyholder.services.queries.assets import AssetView
from keyholder.storage import blueprints, slices
from keyholder.storage.models import Resource
from tests.cast import NOW, caller


def made(
    by: PrincipalId | None,
    kind: str,
    at: ResourceId,
    name: str = "Paying",
    body: str = "",
    *,
    marked: bool = False,
    owner: PrincipalId | None = None,
) -> AssetId:
    """Let somebody make an asset; nobody is the command line."""
    return assets.create(by=caller(by), at=at, new=NewAsset(kind, name, body=body, marked=marked), owner=owner)


def ref(at: ResourceId) -> ResourceRef:
    """Return how people name a node."""
    row = Resource.objects.get(pk=at)
    return ResourceRef(row.type, row.key)


def sees(who: PrincipalId | None, kind: str, at: ResourceId) -> list[str]:
    """Return the names of the assets of a kind that somebody sees from a node."""
    return [row.name for row in queries.assets(by=caller(who), at=ref(at), kind=kind).rows]


def seen(who: PrincipalId | None, asset: AssetId, at: ResourceId) -> AssetView:
    """Return an asset as somebody sees it from a node."""
    return queries.asset(by=caller(who), at=ref(at), number=asset)


def allowed(who: PrincipalId, action: str, at: ResourceId) -> bool:
    """Ask for a decision by an action of the blueprint."""
    return check(slices.of([who], [at]), blueprints.catalogue(), Question(who, at, action=action), NOW).allowed
