"""The signed-in person who performs a use case."""

from dataclasses import dataclass

from models.enums import Department


@dataclass(frozen=True)
class Actor:
    """The acting person as last read from the database; every transaction reads them again."""

    id: int
    username: str
    full_name: str
    department: Department
    session_id: str
