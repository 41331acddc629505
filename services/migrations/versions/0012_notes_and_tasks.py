"""Adds the notes on records, and tasks."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_ON = ("client_id", "contract_id", "event_id", "collaborator_id")
_LINKS = {"client": "of_client_id", "contract": "contract_id", "event": "event_id",
          "collaborator": "collaborator_id"}  # fmt: skip
_LIVE, _TRASHED = "deleted_at IS NULL", "deleted_at IS NOT NULL"
_SCOPES = (("live", _LIVE, ()), ("mine", _LIVE, ("author_id",)), ("trash", _TRASHED, ()))
_ORDERS = {"id": (), "at": ("at",)}


_OPEN, _DONE = f"{_LIVE} AND done_at IS NULL", f"{_LIVE} AND done_at IS NOT NULL"
_TASK_SCOPES = (
    ("live", _LIVE, (), ()), ("mine", _LIVE, ("assignee_id",), ()),
    ("open", _OPEN, ("assignee_id",), ("sort_due",)), ("done", _DONE, ("assignee_id",), ()),
    ("created", _LIVE, ("creator_id",), ()), ("trash", _TRASHED, (), ()),
)  # fmt: skip
_TASK_ORDERS = {"id": (), "due": ("sort_due",), "title": ("sort_title",)}


def upgrade() -> None:
    _add_notes()
    _add_tasks()
    if op.get_bind().dialect.name == "postgresql":
        for table in ("note", "task"):
            op.create_index(
                f"ix_{table}_search", table, [sa.text("word_starts(search, id)")],
                postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 256},
            )  # fmt: skip


def _add_notes() -> None:
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


def _add_tasks() -> None:
    op.create_table("task", *_task_columns(), *_task_constraints())
    for name in ("assignee_id", "creator_id"):
        op.create_index(f"ix_task_{name}", "task", [name])
    for name, link in list(_LINKS.items())[:3]:
        op.create_index(f"ix_task_{name}", "task", [link, "sort_due", "id"])
    reminded = sa.text(f"{_OPEN} AND remind_at IS NOT NULL")
    op.create_index(
        "ix_task_reminder", "task", ["assignee_id", "remind_at", "id"],
        sqlite_where=reminded, postgresql_where=reminded,
    )  # fmt: skip
    for scope, where, lead, covers in _TASK_SCOPES:
        for order, sorted_by in _TASK_ORDERS.items():
            columns = list(dict.fromkeys((*lead, *sorted_by, "id", *covers)))
            op.create_index(
                f"ix_task_{scope}_{order}", "task", columns,
                sqlite_where=sa.text(where), postgresql_where=sa.text(where),
            )  # fmt: skip


def _record_columns() -> Iterator[sa.Column[object]]:
    moment = sa.DateTime(timezone=True)
    yield sa.Column("id", sa.Integer(), nullable=False)
    yield sa.Column("version", sa.Integer(), nullable=False)
    yield sa.Column("created_at", moment, nullable=False)
    yield sa.Column("updated_at", moment, nullable=False)
    yield sa.Column("deleted_at", moment)


def _ordered_text(name: str) -> sa.Column[object]:
    kind = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=False)


def _task_columns() -> Iterator[sa.Column[object]]:
    moment = sa.DateTime(timezone=True)
    yield from _record_columns()
    yield sa.Column("title", sa.String(200), nullable=False)
    yield sa.Column("due_on", sa.Date())
    yield sa.Column("due_time", sa.String(5), nullable=False)
    for name in ("assignee_id", "creator_id"):
        yield sa.Column(name, sa.Integer(), nullable=False)
    for name in (*_ON[:3], "of_client_id"):
        yield sa.Column(name, sa.Integer())
    yield sa.Column("done_at", moment)
    yield sa.Column("remind_at", moment)
    yield _ordered_text("sort_title")
    yield _ordered_text("sort_due")
    yield sa.Column("search", sa.String(), nullable=False)


def _task_constraints() -> Iterator[sa.Constraint]:
    yield sa.PrimaryKeyConstraint("id", name=op.f("pk_task"))
    yield sa.CheckConstraint(f"{_count_of(_ON[:3])} <= 1", name=op.f("ck_task_on_one_record"))
    yield sa.CheckConstraint("length(title) > 0", name=op.f("ck_task_title"))
    yield sa.CheckConstraint(
        "due_time = '' OR (due_on IS NOT NULL AND length(due_time) = 5)", name=op.f("ck_task_time_of_a_day")
    )
    for name in ("assignee_id", "creator_id", *_ON[:3]):
        table = "collaborator" if name in ("assignee_id", "creator_id") else name.removesuffix("_id")
        yield sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_task_{name}"))


def _columns() -> Iterator[sa.Column[object]]:
    moment = sa.DateTime(timezone=True)
    yield from _record_columns()
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


def _count_of(links: Sequence[str]) -> str:
    return " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in links)


def _constraints() -> Iterator[sa.Constraint]:
    yield sa.PrimaryKeyConstraint("id", name=op.f("pk_note"))
    yield sa.CheckConstraint(f"{_count_of(_ON)} = 1", name=op.f("ck_note_on_one_record"))
    yield sa.CheckConstraint("length(text) > 0", name=op.f("ck_note_text"))
    yield sa.CheckConstraint("(moved_to IS NULL) = (moved_from IS NULL)", name=op.f("ck_note_moved_whole"))
    for name in ("author_id", *_ON):
        table = "collaborator" if name == "author_id" else name.removesuffix("_id")
        yield sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_note_{name}"))


def downgrade() -> None:
    for table in ("audit_entry", "total"):
        op.execute(f"DELETE FROM {table} WHERE kind IN ('NOTE', 'TASK')")  # noqa: S608 - names of our own
    op.drop_table("task")
    op.drop_table("note")
