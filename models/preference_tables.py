"""The table of what the program remembers for a person."""

from sqlmodel import Field

from models.tables import Table


class PersonPreference(Table, table=True):
    """A group of choices of a person on the screens, such as those of one list, as JSON text.

    It is state and no record: no version to conflict with, no entry in the journal; the last write counts.
    ``version`` is that of the form of ``value``. The text is not of the database's JSON type, since the
    program must also open with what is no JSON.
    """

    __tablename__ = "person_preference"
    collaborator_id: int = Field(primary_key=True, foreign_key="collaborator.id", ondelete="CASCADE")
    name: str = Field(primary_key=True, max_length=40)
    version: int = Field(default=1)
    value: str = Field(default="{}")
