"""The signed-in person who performs a use case."""

from dataclasses import dataclass

from models.enums import Department


@dataclass(frozen=True)
class Actor:
    """Who acts, as last read from the database; every transaction reads it anew."""

    id: int
    username: str
    full_name: str
    department: Department
    session_id: str
