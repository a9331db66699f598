"""Letters tell who may agree to a link that it is asked for, and who asked what became of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("storage", "0014_assets"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="letter", name="letter_kind"),
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invitation", "invitation"),
                    ("invitation_answered", "invitation_answered"),
                    ("access_given", "access_given"),
                    ("password_reset", "password_reset"),
                    ("password_changed", "password_changed"),
                    ("address_proof", "address_proof"),
                    ("address_changed", "address_changed"),
                    ("factor_changed", "factor_changed"),
                    ("request_made", "request_made"),
                    ("request_answered", "request_answered"),
                    ("resource_trashed", "resource_trashed"),
                    ("link_asked", "link_asked"),
                    ("link_answered", "link_answered"),
                    ("test", "test"),
                ],
                max_length=40,
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "invitation",
                            "invitation_answered",
                            "access_given",
                            "password_reset",
                            "password_changed",
                            "address_proof",
                            "address_changed",
                            "factor_changed",
                            "request_made",
                            "request_answered",
                            "resource_trashed",
                            "link_asked",
                            "link_answered",
                            "test",
                        ],
                    )
                ),
                name="letter_kind",
            ),
        ),
    ]
