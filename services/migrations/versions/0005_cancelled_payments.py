"""Adds the author, time and reason of a cancelled payment."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WHOLE = (
    "(cancelled_at IS NULL AND cancelled_by_id IS NULL AND cancel_reason = '')"
    " OR (cancelled_at IS NOT NULL AND cancelled_by_id IS NOT NULL AND length(cancel_reason) > 0)"
)


def upgrade() -> None:
    with op.batch_alter_table("payment") as payment:
        payment.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True)))
        payment.add_column(sa.Column("cancelled_by_id", sa.Integer()))
        payment.add_column(sa.Column("cancel_reason", sa.String(200), nullable=False, server_default=""))
        payment.create_foreign_key(
            op.f("fk_payment_cancelled_by_id"), "collaborator", ["cancelled_by_id"], ["id"]
        )
        payment.create_check_constraint(op.f("ck_payment_cancelled_whole"), _WHOLE)


def downgrade() -> None:
    with op.batch_alter_table("payment") as payment:
        payment.drop_constraint(op.f("ck_payment_cancelled_whole"), type_="check")
        payment.drop_constraint(op.f("fk_payment_cancelled_by_id"), type_="foreignkey")
        payment.drop_column("cancel_reason")
        payment.drop_column("cancelled_by_id")
        payment.drop_column("cancelled_at")
