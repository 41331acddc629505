"""Extracts the clients of a database to a file that other tables can read."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import Data


@dataclass(frozen=True)
class People:
    """The file of clients, and the rows that the benchmarks search for."""

    file: Path
    first: str
    """The name in the first row."""
    found: str
    """A unique name far down the list."""
    company: str
    """The alphabetically first company."""


def extract(data: Data, database: Path, count: int) -> People:
    """Extract the columns of the client list for the first ``count`` clients by name."""
    file = data.home() / "people.db"
    connection = sqlite3.connect(file)
    connection.execute("ATTACH ? AS crm", (str(database),))
    connection.execute(
        "CREATE TABLE people (name TEXT, company TEXT, seller TEXT, email TEXT, contacted TEXT)"
    )
    connection.execute(
        "INSERT INTO people SELECT full_name, coalesce(nullif(company, ''), 'zz'),"
        " collaborator.first_name || ' ' || collaborator.last_name, client.email, last_contact_date"
        " FROM crm.client AS client JOIN crm.collaborator ON collaborator.id = sales_contact_id"
        " WHERE client.deleted_at IS NULL ORDER BY client.sort_name, client.id LIMIT ?", (count,),
    )  # fmt: skip
    connection.commit()
    (first,) = connection.execute("SELECT name FROM people WHERE rowid = 1").fetchone()
    (found,) = connection.execute(
        "SELECT name FROM people WHERE rowid > (SELECT count(*) FROM people) * 0.9"
        " AND name NOT GLOB '*[^A-Za-z ]*'"
        " GROUP BY name HAVING count(*) = 1 LIMIT 1"
    ).fetchone()
    (company,) = connection.execute("SELECT min(company) FROM people").fetchone()
    connection.close()
    return People(file, first, found, company)
