"""The table of saved views, with the rules of :mod:`models.tables`."""

from sqlalchemy import CheckConstraint, Enum, Index, text
from sqlmodel import Field

from models.enums import Department
from models.list_indexes import LIVE
from models.tables import Trashable


class SavedView(Trashable, table=True):
    """A filter of a list under a name, of one person, or of a whole department.

    ``listed`` is the kind of the list, or ``journal``. ``conditions`` is JSON; see
    ``services.lists.own_filters``. ``filters`` are the names of the preset filters that hold besides, joined
    by commas. ``name_key`` is the folded name, which a person has once among the live views of a list.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name_length"),
        # The name of the index is that of the error; see ``services.persistence.integrity_errors``.
        Index(
            "uq_saved_view_owner_id", "owner_id", "listed", "name_key", unique=True,
            sqlite_where=text(LIVE), postgresql_where=text(LIVE),
        ),
        Index("ix_saved_view_listed", "listed", "department"),
        Index("ix_saved_view_owner", "owner_id"),
    )  # fmt: skip
    name: str = Field(max_length=80)
    name_key: str = Field(default="")
    listed: str = Field(max_length=16)
    owner_id: int = Field(foreign_key="collaborator.id")
    department: Department | None = Field(
        default=None,
        sa_type=Enum(Department, native_enum=False, length=12, create_constraint=True, name="department"),
    )
    conditions: str
    filters: str = Field(default="", max_length=200)
    sort: str = Field(default="", max_length=40)
    descending: bool = Field(default=False)
