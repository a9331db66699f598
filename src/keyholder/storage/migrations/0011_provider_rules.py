"""The sign-in provider through which an organization lets people to its pages."""

import django.db.models.deletion
from django.db import migrations, models

import keyholder.storage.models.columns


class Migration(migrations.Migration):
    """One table."""

    dependencies = [("storage", "0010_factor_letters")]

    operations = [
        migrations.CreateModel(
            name="ProviderRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issuer", keyholder.storage.models.columns.BytesText(max_length=500)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="storage.organization"),
                ),
            ],
            options={
                "db_table": "provider_rule",
                "constraints": [models.UniqueConstraint(fields=("organization",), name="provider_rule_once")],
            },
        ),
    ]
