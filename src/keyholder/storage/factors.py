"""Second factors in SQL: whom an organization asks for one."""

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.principals import OrganizationRole
from keyholder.storage import blueprints, guards
from keyholder.storage.models import OrganizationMember, SecondFactorRule
from keyholder.storage.sql import column, ids


def is_asked_for_one(user: PrincipalId) -> bool:
    """Say whether some organization that asks for a second factor counts this person among its managers.

    Those are its admins and user admins, and who is bound as a manager, directly or through groups, at an account that is linked to it.
    """
    asking = list(SecondFactorRule.objects.values_list("organization_id", flat=True))
    if not asking:
        return False
    roles = [role.value for role in OrganizationRole]
    if OrganizationMember.objects.filter(user=user, organization__in=asking, role__in=roles).exists():
        return True
    condition, parameters = guards.managing(blueprints.catalogue())
    statement = f"""
      WITH RECURSIVE party(id) AS (
        SELECT id FROM principal WHERE id IN ({ids([user])})
        UNION SELECT m.group_id FROM membership m JOIN party p ON m.member_id = p.id)
      SELECT 1 FROM party p JOIN binding b ON b.principal_id = p.id JOIN resource r ON r.id = b.resource_id
       WHERE r.organization_id IN ({ids(asking)}) AND ({condition}) LIMIT 1"""
    return bool(column(statement, parameters))
