"""The log closed on its last sides (replacing and truncating), and an index of what awaits a manager (R-AUD-2)."""

from typing import Any

from django.db import migrations, models

WORDS = "events are never changed or deleted"
SQLITE = f"""
CREATE TRIGGER event_no_replace BEFORE INSERT ON event
 WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id OR (tenant_id = NEW.tenant_id AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"""
POSTGRESQL = "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION event_is_final()"


def make_triggers(_apps: Any, editor: Any) -> None:  # noqa: ANN401 - Django hands over a schema editor
    """Refuse what goes around the triggers on changing and deleting rows: REPLACE on SQLite, TRUNCATE on PostgreSQL."""
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def drop_triggers(_apps: Any, editor: Any) -> None:  # noqa: ANN401 - Django hands over a schema editor
    """Take the triggers away again, for a migration backwards."""
    postgresql = editor.connection.vendor == "postgresql"
    editor.execute("DROP TRIGGER event_no_truncate ON event" if postgresql else "DROP TRIGGER event_no_replace")


class Migration(migrations.Migration):
    """Runs after the first rows are there."""

    dependencies = (("storage", "0002_first_rows"),)
    operations = (
        migrations.RunPython(make_triggers, drop_triggers),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(fields=["tenant"], condition=models.Q(awaiting_manager=True), name="resource_awaiting"),
        ),
    )
