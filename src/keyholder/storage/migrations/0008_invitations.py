"""Invitations: what is planned, the links that lead to it; and what is answered stays answered (R-INV-2, I-INV-2)."""

import datetime
from typing import Any

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

import keyholder.storage.models.columns

WORDS = "an answered invitation stays answered"
SQLITE = f"""
CREATE TRIGGER invitation_answered BEFORE UPDATE ON invitation WHEN OLD.state <> 'pending' AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"""
POSTGRESQL = f"""
CREATE FUNCTION invitation_answered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$;
CREATE TRIGGER invitation_answered BEFORE UPDATE ON invitation FOR EACH ROW
 WHEN (OLD.state <> 'pending' AND NEW.state <> OLD.state) EXECUTE FUNCTION invitation_answered()"""


def make_trigger(_apps: Any, editor: Any) -> None:  # noqa: ANN401 - Django hands over a schema editor
    """Let a state only ever leave *pending*."""
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def drop_trigger(_apps: Any, editor: Any) -> None:  # noqa: ANN401 - Django hands over a schema editor
    """Take the trigger away again, for a migration backwards."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER invitation_answered ON invitation; DROP FUNCTION invitation_answered()")
    else:
        editor.execute("DROP TRIGGER invitation_answered")


class Migration(migrations.Migration):
    """Runs after the outbox is there."""

    dependencies = [
        ("storage", "0007_identity"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(max_length=320)),
                ("canonical", keyholder.storage.models.columns.BytesText(max_length=320)),
                ("language", models.CharField(blank=True, default="", max_length=10)),
                ("message", models.TextField(blank=True, default="")),
                ("generation", models.BigIntegerField(default=1)),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "pending"), ("accepted", "accepted"), ("declined", "declined"), ("revoked", "revoked")],
                        default="pending",
                        max_length=20,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_way",
                    models.CharField(blank=True, choices=[("mailed", "mailed"), ("copied", "copied")], default="", max_length=20),
                ),
                ("awaiting", models.BooleanField(default=False)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="storage.principal"
                    ),
                ),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="storage.resource")),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="storage.principal"
                    ),
                ),
            ],
            options={
                "db_table": "invitation",
            },
        ),
        migrations.CreateModel(
            name="InvitationLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("generation", models.BigIntegerField()),
                (
                    "invitation",
                    models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="storage.invitation"),
                ),
            ],
            options={
                "db_table": "invitation_link",
            },
        ),
        migrations.CreateModel(
            name="InvitationSending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", keyholder.storage.models.columns.BytesText(max_length=400)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "invitation_sending",
                "indexes": [models.Index(fields=["key", "at"], name="invitation_sending_recent")],
            },
        ),
        migrations.CreateModel(
            name="PlannedBinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("role", models.CharField(blank=True, default="", max_length=60)),
                ("permissions", models.CharField(blank=True, default="", max_length=2000)),
                ("mask", models.BigIntegerField()),
                (
                    "giver",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="storage.principal"
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="storage.invitation"),
                ),
                ("resource", models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="storage.resource")),
            ],
            options={
                "db_table": "planned_binding",
            },
        ),
        migrations.CreateModel(
            name="PlannedMembership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("gives", models.JSONField(default=list)),
                (
                    "giver",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="storage.principal"
                    ),
                ),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="storage.principal")),
                (
                    "invitation",
                    models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="storage.invitation"),
                ),
            ],
            options={
                "db_table": "planned_membership",
            },
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["account", "-id"], name="invitation_at"),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(condition=models.Q(("state", "pending")), fields=["canonical"], name="invitation_for"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")), fields=("account", "canonical"), name="invitation_pending_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "accepted", "declined", "revoked"])), name="invitation_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "pending"), ("settled_at__isnull", True)),
                    models.Q(models.Q(("state", "pending"), _negated=True), ("settled_at__isnull", False)),
                    _connector="OR",
                ),
                name="invitation_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "accepted"), ("accepted_by__isnull", False), ("accepted_way__in", ["mailed", "copied"])),
                    models.Q(models.Q(("state", "accepted"), _negated=True), ("accepted_by__isnull", True), ("accepted_way", "")),
                    _connector="OR",
                ),
                name="invitation_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(condition=models.Q(("generation__gt", 0)), name="invitation_generation"),
        ),
        migrations.AddConstraint(
            model_name="plannedbinding",
            constraint=models.UniqueConstraint(
                models.F("invitation"),
                models.F("resource"),
                django.db.models.functions.comparison.Coalesce("giver", 0),
                django.db.models.functions.comparison.Coalesce(
                    "starts_at",
                    models.Value(datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.timezone.utc), output_field=models.DateTimeField()),
                ),
                django.db.models.functions.comparison.Coalesce(
                    "ends_at",
                    models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.timezone.utc), output_field=models.DateTimeField()),
                ),
                name="planned_binding_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedbinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("permissions__gt", ""), ("role", "")), models.Q(("permissions", ""), ("role__gt", "")), _connector="OR"
                ),
                name="planned_binding_set_or_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedbinding",
            constraint=models.CheckConstraint(condition=models.Q(("mask__gt", 0)), name="planned_binding_not_empty"),
        ),
        migrations.AddConstraint(
            model_name="plannedbinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_at__isnull", True), ("ends_at__isnull", True), ("starts_at__lt", models.F("ends_at")), _connector="OR"
                ),
                name="planned_binding_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedmembership",
            constraint=models.UniqueConstraint(
                models.F("invitation"),
                models.F("group"),
                django.db.models.functions.comparison.Coalesce("giver", 0),
                django.db.models.functions.comparison.Coalesce(
                    "starts_at",
                    models.Value(datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.timezone.utc), output_field=models.DateTimeField()),
                ),
                django.db.models.functions.comparison.Coalesce(
                    "ends_at",
                    models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.timezone.utc), output_field=models.DateTimeField()),
                ),
                name="planned_membership_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedmembership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_at__isnull", True), ("ends_at__isnull", True), ("starts_at__lt", models.F("ends_at")), _connector="OR"
                ),
                name="planned_membership_window",
            ),
        ),
        migrations.RunPython(make_trigger, drop_trigger),
    ]
