"""The language of a client's papers, and what the papers say of the agency.

The first language of papers is that of the migrating program.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0017"
down_revision = "0016"

_AGENCY = {
    "agency_name": 200,
    "agency_address": 500,
    "agency_siret": 14,
    "agency_vat": 20,
    "agency_legal": 200,
}


def upgrade() -> None:
    op.add_column("client", sa.Column("language", sa.String(5), nullable=False, server_default=""))
    op.add_column(
        "shared_settings", sa.Column("paper_language", sa.String(5), nullable=False, server_default="en")
    )
    for name, length in _AGENCY.items():
        op.add_column(
            "shared_settings", sa.Column(name, sa.String(length), nullable=False, server_default="")
        )
    first: dict[str, str] = context.config.attributes.get("shared_settings", {})
    settings = sa.table("shared_settings", sa.column("paper_language"))
    op.execute(sa.update(settings).values(paper_language=first.get("paper_language", "en")))


def downgrade() -> None:
    for name in reversed(("paper_language", *_AGENCY)):
        op.drop_column("shared_settings", name)
    op.drop_column("client", "language")
