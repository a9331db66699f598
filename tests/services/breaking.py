"""Breaking things in tests: statements sent past every command and every rule, as somebody with the rights of the owner could."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from django.db import connection

from keyholder.domain.events import Change, Event
from keyholder.domain.identifiers import ResourceRef
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.commands import bindings, groups, organizations, people, resources
from keyholder.services.commands.inviting import Wish
from keyholder.storage.ledger import values
from keyholder.storage.models import Event as Row
from keyholder.storage.models import Letter, Principal, Session
from tests.cast import NOW, OPERATOR, Cast, caller, group, person, resource
from tests.databases import CHOICE
from tests.services.assets_made import made
from tests.services.inviting_people import accept, invite, link_of
from tests.undone import undone

HASH = "argon2$argon2id$v=19$m=102400,t=2,p=8$c29tZQ$aGFzaA"
KEY = "abcdefghijklmnopqrstuvwxyz012345"
"""Of a session."""


def run(statement: str, parameters: Sequence[Any] = ()) -> None:
    """Send a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@contextmanager
def broken(break_it: Callable[[Cast], None], cast: Cast) -> Iterator[None]:
    """Break something; it is whole again afterwards. The log takes changes for once."""
    with undone():
        connection.check_constraints()
        if CHOICE == "postgresql":
            run("SET LOCAL session_replication_role = replica")
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'")
                triggers = [name for (name,) in cursor.fetchall()]
            for trigger in triggers:
                run(f"DROP TRIGGER {trigger}")
        break_it(cast)
        yield


def posted(**columns: object) -> None:
    """Put a letter into the outbox, as no command does."""
    Letter.objects.create(**{"kind": "test", "recipient": "zoe@elsewhere.example", "posted_at": NOW, "due_at": NOW, **columns})


def told_twice(_cast: Cast) -> None:
    """Tell somebody the same twice in one act."""
    for _ in range(2):
        posted(request_id="one act")


def sent_at_no_time(_cast: Cast) -> None:
    """Say that a letter was sent and not when."""
    posted(state="sent")


def given_up_for_nothing(_cast: Cast) -> None:
    """Give a letter up without a reason."""
    posted(state="dead", settled_at=NOW)


def in_a_circle(cast: Cast) -> None:
    run("INSERT INTO membership (group_id, member_id) VALUES (%s, %s)", [cast.interns, cast.analysts])


def in_a_long_chain(cast: Cast) -> None:
    chain = [cast.analysts, cast.interns, *(group(cast.alice, cast.acme, f"Group {number}") for number in range(19))]
    for outer, inner in pairwise(chain[1:]):
        run("INSERT INTO membership (group_id, member_id) VALUES (%s, %s)", [outer, inner])


def of_another_type(cast: Cast) -> None:
    run("UPDATE resource SET type = 'account' WHERE id = %s", [cast.property])


def on_another_path(cast: Cast) -> None:
    run("UPDATE resource SET path = '/9/9/' WHERE id = %s", [cast.view])


def closed_where_nothing_closes(cast: Cast) -> None:
    run("UPDATE resource SET managed = %s WHERE id = %s", [False, cast.view])


def in_the_instances_tenant(cast: Cast) -> None:
    run("UPDATE resource SET tenant_id = (SELECT id FROM tenant WHERE kind = 'instance') WHERE id = %s", [cast.view])


def two_trees_in_one_tenant(cast: Cast) -> None:
    one, other = (resource(cast.dan, "account", f"d{number}", f"Corner {number}") for number in range(2))
    run("UPDATE resource SET tenant_id = (SELECT tenant_id FROM resource WHERE id = %s) WHERE id = %s", [one, other])


def linked_at_a_property(cast: Cast) -> None:
    run("UPDATE resource SET organization_id = %s WHERE id = %s", [cast.acme, cast.property])


def bound_by_a_foreign_group(cast: Cast) -> None:
    foreign = group(cast.dan, organizations.create(by=caller(cast.dan), name="Bolt"), "Foreign")
    statement = "INSERT INTO binding (principal_id, resource_id, role, permissions, mask) VALUES (%s, %s, '', 'read_analyze', 1)"
    run(statement, [foreign, cast.view])


def member_of_a_foreign_group(cast: Cast) -> None:
    foreign = group(cast.dan, organizations.create(by=caller(cast.dan), name="Bolt"), "Foreign")
    run("INSERT INTO membership (group_id, member_id) VALUES (%s, %s)", [foreign, cast.interns])


def bound_at_nothing(cast: Cast) -> None:
    statement = "INSERT INTO binding (principal_id, resource_id, role, permissions, mask) VALUES (%s, 9999, '', 'read_analyze', 1)"
    run(statement, [cast.dan])


def nobody(cast: Cast) -> None:
    run('DELETE FROM "user" WHERE principal_id = %s', [cast.dan])


def bound_though_deleted(cast: Cast) -> None:
    run("UPDATE principal SET deleted_at = %s WHERE id = %s", [NOW, cast.analysts])
    run('DELETE FROM "group" WHERE principal_id = %s', [cast.analysts])


def kept_though_deleted(cast: Cast) -> None:
    run("UPDATE asset SET owner_id = %s WHERE id = %s", [tombstone(), made(cast.ben, "segment", cast.view)])


def tombstone() -> int:
    """Leave a number that nobody has any more."""
    return Principal.objects.create(kind="user", deleted_at=NOW).pk


def risen(cast: Cast) -> None:
    run("UPDATE principal SET deleted_at = %s WHERE id = %s", [NOW, cast.dan])


def numbered_twice(cast: Cast) -> None:
    row = Principal.objects.get(pk=cast.dan)
    tell([Change("principal", row.pk, None, values(row))])


def given_more_than_it_says(cast: Cast) -> None:
    run("UPDATE binding SET mask = mask | 8 WHERE principal_id = %s AND resource_id = %s", [cast.cleo, cast.account])


def given_what_is_included(cast: Cast) -> None:
    run("UPDATE binding SET mask = mask | 1 WHERE principal_id = %s AND resource_id = %s", [cast.ben, cast.account])


def given_what_nobody_knows(cast: Cast) -> None:
    statement = "UPDATE binding SET permissions = 'edit fly' WHERE principal_id = %s AND resource_id = %s"
    run(statement, [cast.ben, cast.account])


def suspended_and_signed_in(cast: Cast) -> None:
    people.suspend(by=OPERATOR, user=cast.ben)
    Session.objects.create(session_key=KEY, session_data="", expire_date=NOW, user=cast.ben)


def without_a_manager(cast: Cast) -> None:
    run("DELETE FROM binding WHERE principal_id = %s AND resource_id = %s", [cast.alice, cast.account])


def without_an_admin(cast: Cast) -> None:
    run("UPDATE organization_member SET role = 'user_admin' WHERE user_id = %s", [cast.alice])


def without_an_admin_left(cast: Cast) -> None:
    run("DELETE FROM organization_member WHERE user_id = %s", [cast.alice])


def without_an_operator(cast: Cast) -> None:
    people.appoint_operator(by=OPERATOR, user=cast.dan)
    run('UPDATE "user" SET is_operator = %s', [False])


def awaiting_a_manager(cast: Cast) -> None:
    run("UPDATE resource SET awaiting_manager = %s WHERE id = %s", [True, cast.account])


def one_revision_more(cast: Cast) -> None:
    run("UPDATE tenant SET revision = revision + 1 WHERE id = (SELECT tenant_id FROM resource WHERE id = %s)", [cast.account])


def another_word(_cast: Cast) -> None:
    run("UPDATE event SET actor_name = 'Eve' WHERE id = (SELECT MAX(id) FROM event)")


def the_last_word_gone(_cast: Cast) -> None:
    run("DELETE FROM event WHERE id = (SELECT MAX(id) FROM event WHERE refused = '')")


def not_in_the_feed(_cast: Cast) -> None:
    run("DELETE FROM feed_entry WHERE id = (SELECT MAX(id) FROM feed_entry)")


def by_another_name(cast: Cast) -> None:
    run("UPDATE resource SET name = 'Stolen' WHERE id = %s", [cast.view])


def taken_silently(cast: Cast) -> None:
    run("DELETE FROM binding WHERE principal_id = %s", [cast.ben])


def given_silently(cast: Cast) -> None:
    statement = "INSERT INTO binding (principal_id, resource_id, role, permissions, mask) VALUES (%s, %s, '', 'read_analyze', 1)"
    run(statement, [cast.dan, cast.view])


def told_from_another_state(cast: Cast) -> None:
    row = Principal.objects.get(pk=cast.dan)
    tell([Change("principal", row.pk, {**values(row), "kind": "group"}, values(row))])


def a_password_told(_cast: Cast) -> None:
    tell([], subject=f"Ben ({HASH})")


def a_session_told(cast: Cast) -> None:
    Session.objects.create(session_key=KEY, session_data="", expire_date=NOW, user=cast.ben)
    tell([], subject=f"Ben {KEY}")


def another_case(cast: Cast) -> None:
    run('UPDATE "user" SET canonical = %s WHERE principal_id = %s', ["Ben@acme.example", cast.ben])


def no_address(cast: Cast) -> None:
    run('UPDATE "user" SET email = %s WHERE principal_id = %s', ["ben at acme", cast.ben])


def proven_by_nobody(cast: Cast) -> None:
    run('UPDATE "user" SET email_verified = true WHERE principal_id = %s', [cast.ben])


def accepted_twice(cast: Cast) -> None:
    sent = accepted(cast)
    with acting(OPERATOR, scopes.of_invitation(sent)) as act:
        act.record(Event("invitation.revoked", "invitation", sent, details={"subject": "dan@acme.example", "resource": "Shop"}))


def accepted_silently(cast: Cast) -> None:
    sent = invited(cast)
    statement = "UPDATE invitation SET state = 'accepted', settled_at = %s, accepted_by_id = %s, accepted_way = 'copied' WHERE id = %s"
    run(statement, [NOW, cast.dan, sent])


def accepted_late(cast: Cast) -> None:
    run("UPDATE invitation SET settled_at = %s WHERE id = %s", [NOW.replace(day=29), accepted(cast)])


def accepted_by_somebody_else(cast: Cast) -> None:
    run("UPDATE invitation SET accepted_by_id = %s WHERE id = %s", [cast.ben, accepted(cast)])


def accepted_unproven(cast: Cast) -> None:
    run("UPDATE invitation SET accepted_way = 'mailed' WHERE id = %s", [accepted(cast)])


def invited_in_another_case(cast: Cast) -> None:
    run("UPDATE invitation SET canonical = %s WHERE id = %s", ["Dan@acme.example", invited(cast)])


def given_beyond_the_plan(cast: Cast) -> None:
    run("UPDATE planned_binding SET resource_id = %s WHERE invitation_id = %s", [cast.account, accepted(cast)])


def joined_beyond_the_plan(cast: Cast) -> None:
    run("UPDATE planned_membership SET group_id = %s WHERE invitation_id = %s", [cast.analysts, accepted(cast)])


def planned_elsewhere(cast: Cast) -> None:
    corner = resource(cast.alice, "account", "200", "Corner")
    run("UPDATE planned_binding SET resource_id = %s WHERE invitation_id = %s", [corner, invited(cast)])


def invited_by_nobody_left(cast: Cast) -> None:
    sent, nobody = invited(cast), tombstone()
    run("UPDATE invitation SET invited_by_id = %s WHERE id = %s", [nobody, sent])
    for table in ("planned_binding", "planned_membership"):
        run(f"UPDATE {table} SET giver_id = %s WHERE invitation_id = %s", [nobody, sent])  # noqa: S608 - a name of ours


def invited_twice(cast: Cast) -> None:
    sent = invited(cast)
    run("DROP INDEX invitation_pending_once")
    run(
        """INSERT INTO invitation (account_id, email, canonical, language, message, generation, made_at, sent_at, state, accepted_way,
                                   awaiting, closes)
           SELECT account_id, email, canonical, '', '', 1, made_at, sent_at, 'pending', '', %s, %s FROM invitation WHERE id = %s""",
        [False, False, sent],
    )


def invited(cast: Cast) -> int:
    """Let Alice invite Dan to read the view and to join the interns."""
    return invite(cast, "dan@acme.example", wish=Wish(["read_analyze"], groups=[cast.interns])).invitation


def accepted(cast: Cast) -> int:
    """Let Dan accept that by the copied link."""
    link = link_of(invite(cast, "dan@acme.example", wish=Wish(["read_analyze"], groups=[cast.interns])))
    accept(link, cast.dan)
    return link.invitation


def tell(changes: Sequence[Change], **details: str) -> None:
    """Record an event in the log of the instance, with these changes."""
    with acting(OPERATOR, scopes.of_instance) as act:
        act.ledger.written.extend(changes)
        act.record(Event("user.password_set", "user", details=details))


def much(cast: Cast) -> None:
    """Let a lot happen that is as it should be: all platforms, windows, suspensions, a group deleted, an account that was linked."""
    bindings.grant(by=OPERATOR, to=[cast.dan], on=resource(cast.alice, "resource", "m1", "Counter"), role="owner")
    host = resource(None, "host", "h1", "Agency")
    bindings.grant(by=OPERATOR, to=[cast.dan], on=host, role="administrator")
    client = resources.create(
        by=OPERATOR, new=resources.NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.ben
    )
    pixel = resource(cast.ben, "pixel", "p1", "Pixel", client)
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=client, role="standard")
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=pixel, permissions=["edit_pixel"])
    resources.delegate(by=caller(cast.ben), account=client, managed=False)
    people.suspend(by=OPERATOR, user=person("Eve"))
    groups.change(by=caller(cast.alice), group=cast.analysts, name="Readers")
    assert Row.objects.exists()
