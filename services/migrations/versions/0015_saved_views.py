"""Adds the saved views: filters of a list under a name."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_LIVE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    department = sa.Enum(
        "COMMERCIAL", "SUPPORT", "GESTION", name="department", native_enum=False, create_constraint=True,
        length=12,
    )  # fmt: skip
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("deleted_at", moment),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("listed", sa.String(16), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("department", department),
        sa.Column("conditions", sa.String(), nullable=False),
        sa.Column("filters", sa.String(200), nullable=False),
        sa.Column("sort", sa.String(40), nullable=False),
        sa.Column("descending", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name=op.f("ck_saved_view_name_length")),
        sa.ForeignKeyConstraint(["owner_id"], ["collaborator.id"], name=op.f("fk_saved_view_owner_id")),
    )
    op.create_index(
        "uq_saved_view_owner_id", "saved_view", ["owner_id", "listed", "name_key"], unique=True,
        sqlite_where=_LIVE, postgresql_where=_LIVE,
    )  # fmt: skip
    op.create_index("ix_saved_view_listed", "saved_view", ["listed", "department"])
    op.create_index("ix_saved_view_owner", "saved_view", ["owner_id"])


def downgrade() -> None:
    for table in ("audit_entry", "total"):
        op.execute(f"DELETE FROM {table} WHERE kind = 'VIEW'")  # noqa: S608 - names of our own
    op.drop_table("saved_view")
