"""The instance's own tenant, and the triggers that keep the log append-only (R-AUD-2)."""

from typing import Any

from django.db import migrations

WORDS = "events are never changed or deleted"
SQLITE = [
    f"CREATE TRIGGER event_no_{verb} BEFORE {verb} ON event BEGIN SELECT RAISE(ABORT, '{WORDS}'); END" for verb in ("update", "delete")
]
POSTGRESQL = [
    f"CREATE FUNCTION event_is_final() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$",
    "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_is_final()",
]


def make_instance(apps: Any, _editor: Any) -> None:  # noqa: ANN401 - Django hands over historical models
    """Insert the one tenant that every instance has."""
    apps.get_model("storage", "Tenant").objects.create(kind="instance")


def make_triggers(_apps: Any, editor: Any) -> None:  # noqa: ANN401 - Django hands over a schema editor
    """Refuse every change of an event, whoever asks."""
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def drop_triggers(_apps: Any, editor: Any) -> None:  # noqa: ANN401 - Django hands over a schema editor
    """Take the triggers away again, for a migration backwards."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER event_no_change ON event")
        editor.execute("DROP FUNCTION event_is_final()")
    else:
        for verb in ("update", "delete"):
            editor.execute(f"DROP TRIGGER event_no_{verb}")


class Migration(migrations.Migration):
    """Runs once, after the tables exist."""

    dependencies = (("storage", "0001_initial"),)
    operations = (
        migrations.RunPython(make_instance, migrations.RunPython.noop),
        migrations.RunPython(make_triggers, drop_triggers),
    )
