"""Adds the notes on records."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_ON = ("client_id", "contract_id", "event_id", "collaborator_id")
_ON_ONE = " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in _ON) + " = 1"
_LINKS = {"client": "of_client_id", "contract": "contract_id", "event": "event_id",
          "collaborator": "collaborator_id"}  # fmt: skip
_LIVE, _TRASHED = "deleted_at IS NULL", "deleted_at IS NOT NULL"
_SCOPES = (("live", _LIVE, ()), ("mine", _LIVE, ("author_id",)), ("trash", _TRASHED, ()))
_ORDERS = {"id": (), "at": ("at",)}


def upgrade() -> None:
    op.create_table("note", *_columns(), *_constraints())
    op.create_index("ix_note_author_id", "note", ["author_id"])
    for name, link in _LINKS.items():
        op.create_index(f"ix_note_{name}", "note", [link, "at", "id"])
    for scope, where, lead in _SCOPES:
        for order, sorted_by in _ORDERS.items():
            op.create_index(
                f"ix_note_{scope}_{order}", "note", [*lead, *sorted_by, "id", "collaborator_id"],
                sqlite_where=sa.text(where), postgresql_where=sa.text(where),
            )  # fmt: skip
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_note_search", "note", [sa.text("word_starts(search, id)")],
            postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 256},
        )  # fmt: skip


def _columns() -> Iterator[sa.Column[object]]:
    moment = sa.DateTime(timezone=True)
    yield sa.Column("id", sa.Integer(), nullable=False)
    yield sa.Column("version", sa.Integer(), nullable=False)
    yield sa.Column("created_at", moment, nullable=False)
    yield sa.Column("updated_at", moment, nullable=False)
    yield sa.Column("deleted_at", moment)
    yield sa.Column(
        "kind",
        sa.Enum(
            "NOTE", "CALL", "MAIL", name="kind", native_enum=False, create_constraint=True, length=8
        ),
        nullable=False,
    )  # fmt: skip
    yield sa.Column("text", sa.String(), nullable=False)
    yield sa.Column("at", moment, nullable=False)
    yield sa.Column("author_id", sa.Integer(), nullable=False)
    for name in (*_ON, "of_client_id"):
        yield sa.Column(name, sa.Integer())
    yield sa.Column("summary", sa.String(), nullable=False)
    yield sa.Column("search", sa.String(), nullable=False)
    yield sa.Column("moved_from", sa.Date())
    yield sa.Column("moved_to", sa.Date())


def _constraints() -> Iterator[sa.Constraint]:
    yield sa.PrimaryKeyConstraint("id", name=op.f("pk_note"))
    yield sa.CheckConstraint(_ON_ONE, name=op.f("ck_note_on_one_record"))
    yield sa.CheckConstraint("length(text) > 0", name=op.f("ck_note_text"))
    yield sa.CheckConstraint("(moved_to IS NULL) = (moved_from IS NULL)", name=op.f("ck_note_moved_whole"))
    for name in ("author_id", *_ON):
        table = "collaborator" if name == "author_id" else name.removesuffix("_id")
        yield sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_note_{name}"))


def downgrade() -> None:
    op.execute("DELETE FROM audit_entry WHERE kind = 'NOTE'")
    op.execute("DELETE FROM total WHERE kind = 'NOTE'")
    op.drop_table("note")
