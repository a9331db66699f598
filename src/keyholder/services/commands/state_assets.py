"""The assets of a state file: made, changed and deleted as the plan says, and put to use where it says (contract 3)."""

from keyholder.domain.names import name_key
from keyholder.domain.refusals import Conflict, Refusals, RefusedRow
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.state import AssetRef, AssetState
from keyholder.domain.state_changes import Plan
from keyholder.domain.state_rows import AppliedState
from keyholder.services.acting import Act
from keyholder.services.commands.assets import about
from keyholder.services.commands.state_numbers import Numbers
from keyholder.storage.models import AppliedAsset, Asset

NOT_BELOW = _("{name} lives in {home} and can't be applied to {resource}, which is not below it.")


def make(act: Act, wanted: Plan, numbers: Numbers) -> None:
    """Carry out what a plan says about assets, an event for each; the resources are as the file wants them already."""
    for state in wanted.assets.added:
        row = act.ledger.add(_asset(act, state, numbers))
        act.record(about(row, "created"), tenant=act.tenant_of(row.resource))
    for _old, new in wanted.assets.changed:
        row = _row(new.ref, numbers)
        columns = {"name": new.name, "description": new.description, "body": new.body, "marked": new.marked}
        if act.ledger.change(row, **columns):
            act.record(about(row, "changed"), tenant=act.tenant_of(row.resource))
    _refuse_elsewhere(wanted, numbers)
    for use in wanted.applied_assets.added:
        _apply(act, use, numbers)
    for use in wanted.applied_assets.removed:
        _withdraw(act, use, numbers)
    for state in wanted.assets.removed:
        row = _row(state.ref, numbers)
        event = about(row, "deleted")
        act.ledger.remove_all(AppliedAsset.objects.filter(asset=row).order_by("pk"))
        act.ledger.remove(row)
        act.record(event, tenant=act.tenant_of(row.resource))


def _asset(act: Act, state: AssetState, numbers: Numbers) -> Asset:
    return Asset(
        resource=numbers.resources[state.resource],
        kind=state.kind,
        owner_id=None if state.owner is None else numbers.principal(state.owner),
        maker=act.by.principal,
        name=state.name,
        name_key=name_key(state.name),
        description=state.description,
        body=state.body,
        marked=state.marked,
    )


def _row(ref: AssetRef, numbers: Numbers) -> Asset:
    """Return the row that a reference names."""
    owner = None if ref.owner is None else numbers.principal(ref.owner)
    home = numbers.resources[ref.resource]
    row = Asset.objects.get(resource=home, kind=ref.kind, owner=owner, name_key=ref.key)
    row.resource = home
    return row


def _refuse_elsewhere(wanted: Plan, numbers: Numbers) -> None:
    """Raise Refusals for what would be applied to something that is not below its home."""
    against = []
    for use in wanted.applied_assets.added:
        home, place = numbers.resources[use.asset.resource], numbers.resources[use.resource]
        if not place.path.startswith(home.path):
            refusal = Conflict("not_below", sentence(NOT_BELOW, name=use.name, home=use.asset.resource, resource=use.resource))
            against.append(RefusedRow(str(refusal.sentence), refusal))
    if against:
        raise Refusals(against)


def _apply(act: Act, use: AppliedState, numbers: Numbers) -> None:
    row, place = _row(use.asset, numbers), numbers.resources[use.resource]
    act.ledger.add(AppliedAsset(asset=row, resource=place))
    act.record(about(row, "applied", place), tenant=act.tenant_of(place))


def _withdraw(act: Act, use: AppliedState, numbers: Numbers) -> None:
    row, place = _row(use.asset, numbers), numbers.resources[use.resource]
    act.ledger.remove(AppliedAsset.objects.get(asset=row, resource=place))
    act.record(about(row, "withdrawn", place), tenant=act.tenant_of(place))
