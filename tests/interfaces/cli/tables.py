"""The tables of a test's database, emptied: within its transaction, which is rolled back afterwards."""

from django.db import connection


def empty() -> None:
    """Take out everything but what the migrations put in."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in {"django_migrations", "django_content_type"}]
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in tables))
            cursor.execute("INSERT INTO tenant (kind, revision, number, head, epoch) VALUES ('instance', 0, 0, '', gen_random_uuid())")
            return
        triggers = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        cursor.execute("PRAGMA defer_foreign_keys=ON")
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        for name in tables:
            cursor.execute(f'DELETE FROM "{name}"' + (" WHERE kind <> 'instance'" if name == "tenant" else ""))  # noqa: S608 - our tables
        for _name, sql in triggers:
            cursor.execute(sql)
