"""The causes for which a database cannot be used, each with a sentence that says what to do.

The causes are data: SQLite's result codes, PostgreSQL's SQLSTATEs, and the messages of failed connections,
which have no code. An error without an entry is a defect of ours and passes through.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from services.i18n import N_


class Cause(StrEnum):
    """Everything for which a database can be out of reach, by a name for programs."""

    UNREACHABLE = "unreachable"
    # A file.
    MISSING = "missing"
    NO_FOLDER = "no folder"
    BROKEN_LINK = "broken link"
    FOLDER = "folder"
    NO_FILE = "no file"
    EMPTY = "empty"
    EMPTY_WITH_WAL = "empty with wal"
    NO_ACCESS = "no access"
    NOT_MADE = "not made"
    LOCKED = "locked"
    DISK_FULL = "disk full"
    DISK_ERROR = "disk error"
    READ_ONLY_FILE = "read-only file"
    READ_ONLY_FOLDER = "read-only folder"
    READ_ONLY_SYSTEM = "read-only file system"
    MALFORMED = "malformed"
    NO_SQLITE = "no sqlite"
    # Either.
    NO_TABLES = "no tables"
    TABLES_MISSING = "tables missing"
    # A server.
    PASSWORD = "password"  # noqa: S105 - a cause
    NO_PASSWORD = "no password"  # noqa: S105 - a cause
    NO_ROLE = "no role"
    NO_DATABASE = "no database"
    NO_ENTRY = "no entry"
    NO_HOST = "no host"
    REFUSED = "refused"
    NO_SOCKET = "no socket"
    SILENT = "silent"
    NO_POSTGRESQL = "no postgresql"
    ENCRYPTION = "encryption"
    OPTION = "option"
    TOO_MANY = "too many"
    STARTING = "starting"
    STOPPING = "stopping"
    LOST = "lost"
    TURNED_AWAY = "turned away"
    OTHERS_WRITE = "others write"
    TOO_LONG = "too long"
    SERVER_FULL = "server full"
    SERVER_DAMAGED = "server damaged"
    SERVER_MEMORY = "server memory"
    READ_ONLY_SERVER = "read-only server"
    NO_SCHEMA = "no schema"
    MAY_NOT_CONNECT = "may not connect"
    MAY_NOT_CREATE = "may not create"
    MAY_NOT_ALTER = "may not alter"
    MAY_NOT_USE = "may not use"


SENTENCES: Final[Mapping[Cause, str]] = {
    Cause.UNREACHABLE: N_("The database cannot be reached."),
    Cause.MISSING: N_(
        "There is no database at {file}: its file is gone, or there was none yet. Restore a backup, or set "
        "up a new CRM with 'epicevents init'."
    ),
    Cause.NO_FOLDER: N_(
        "There is no folder {folder} for the database {name}. Connect its drive if it has one, or set up a "
        "new CRM with 'epicevents init'."
    ),
    Cause.BROKEN_LINK: N_(
        "{file} is a link to {target}, which does not exist. Put the file back, or correct the link."
    ),
    Cause.FOLDER: N_("{file} is a folder. The address of the database must name a file, like {file}/crm.db."),
    Cause.NO_FILE: N_("{file} is a device or a pipe, not a file. Name another file for the database."),
    Cause.EMPTY: N_(
        "{file} is empty (0 bytes): there is no CRM in it. Restore a backup of it, or set up a new CRM with "
        "'epicevents init'."
    ),
    Cause.EMPTY_WITH_WAL: N_(
        "{file} is empty (0 bytes), but {file}-wal still holds changes. Copy both to another "
        "place, then restore a backup."
    ),
    Cause.NO_ACCESS: N_("You may not read {file}. It belongs to {owner}, who can let you read and write it."),
    Cause.NOT_MADE: N_("{file} cannot be created: {reason}. Choose a folder in which you may create files."),
    Cause.LOCKED: N_("Another program has locked {file}. Wait, or close that program, then try again."),
    Cause.DISK_FULL: N_("The disk that holds {file} is full. Free some space, then try again."),
    Cause.DISK_ERROR: N_(
        "The disk that holds {file} failed to read or write. Check the drive, its connection and your quota."
    ),
    Cause.READ_ONLY_FILE: N_(
        "You may read {file} but not write to it. It belongs to {owner}, who can allow it with: chmod u+w "
        "{shell}"
    ),
    Cause.READ_ONLY_FOLDER: N_(
        "You may not write in {folder}, where SQLite needs files beside {name}. It belongs to {owner}, who "
        "can allow it with: chmod u+w {shell}"
    ),
    Cause.READ_ONLY_SYSTEM: N_(
        "{file} is on a read-only file system. Mount it for writing, or move the database."
    ),
    Cause.MALFORMED: N_("{file} is damaged: SQLite calls it malformed. Restore a backup of it."),
    Cause.NO_SQLITE: N_(
        "{file} is not an SQLite database. Restore a backup of it, or name another file for the database."
    ),
    Cause.NO_TABLES: N_(
        "The database {place} holds no table: there is no CRM in it. Restore a backup of it, or set up a new "
        "CRM with 'epicevents init'."
    ),
    Cause.TABLES_MISSING: N_("The database {place} lacks tables of the CRM. Restore a backup of it."),
    Cause.PASSWORD: N_(
        "The server {server} refuses the password of the user {role}. Correct it in the address of the "
        "database."
    ),
    Cause.NO_PASSWORD: N_(
        "The server {server} asks for the password of the user {role}. Write it into the address of the "
        "database: postgresql://user:password@host/name."
    ),
    Cause.NO_ROLE: N_(
        "The user {role} cannot sign in to the server {server}. Correct the user in the address "
        "of the database, or create it with: createuser {role_shell}"
    ),
    Cause.NO_DATABASE: N_(
        "There is no database {database} on the server {server}. Correct its name in the "
        "address, or create it with: createdb --encoding=UTF8 --template=template0 "
        "{database_shell}"
    ),
    Cause.NO_ENTRY: N_(
        "The server {server} does not admit {role} from this computer. Its administrator can allow it in "
        "pg_hba.conf."
    ),
    Cause.NO_HOST: N_(
        "No computer named {host} was found. Correct the host in the address of the database, or check the "
        "network."
    ),
    Cause.REFUSED: N_(
        "Nothing answers at {server}. Start PostgreSQL there, or correct host and port in the address of the "
        "database."
    ),
    Cause.NO_SOCKET: N_(
        "PostgreSQL is not running on this computer, or its socket is not in {host}. Start it, "
        "or correct the address of the database."
    ),
    Cause.SILENT: N_("The server {server} does not answer in time. Check the network, then try again."),
    Cause.NO_POSTGRESQL: N_(
        "The server at {server} is not PostgreSQL. Correct host and port in the address of the database."
    ),
    Cause.ENCRYPTION: N_(
        "No encrypted connection to {server} could be made as the address of the database asks for it. Check "
        "sslmode and the certificates."
    ),
    Cause.OPTION: N_(
        "An option of the connection to {server} is unknown or has a bad value. Correct the address of the "
        "database, or the variables that begin with PG."
    ),
    Cause.TOO_MANY: N_(
        "The server {server} has no connection left. Try again later; its administrator can raise the limit."
    ),
    Cause.STARTING: N_("The server {server} is just starting. Try again in a moment."),
    Cause.STOPPING: N_("The server {server} was stopped or is stopping. Try again when it runs."),
    Cause.LOST: N_("The connection to {server} was lost. Check the network, then try again."),
    Cause.TURNED_AWAY: N_("The server {server} refuses the connection: {reason}"),
    Cause.OTHERS_WRITE: N_("Other collaborators are changing the same records at this moment. Try again."),
    Cause.TOO_LONG: N_("The server {server} stopped a query that took too long. Try again later."),
    Cause.SERVER_FULL: N_("The disk of the server {server} is full. Its administrator must free space."),
    Cause.SERVER_DAMAGED: N_(
        "The database {place} is damaged: PostgreSQL cannot read all of it. Its administrator must restore a "
        "backup."
    ),
    Cause.SERVER_MEMORY: N_("The server {server} has no memory left. Try again later."),
    Cause.READ_ONLY_SERVER: N_(
        "The database {place} can only be read: it is a standby, or was set to read-only. Name the primary "
        "server in the address."
    ),
    Cause.NO_SCHEMA: N_(
        "The role {role} may use no schema of the database {place}. Its owner can allow it with: GRANT "
        "USAGE, CREATE ON SCHEMA public TO {role_sql};"
    ),
    Cause.MAY_NOT_CONNECT: N_(
        "The role {role} may not connect to the database {place}. Its owner can allow it with: GRANT CONNECT "
        "ON DATABASE {database_sql} TO {role_sql};"
    ),
    Cause.MAY_NOT_CREATE: N_(
        "The role {role} may not create tables in the database {place}: it lacks the right "
        "CREATE. Its owner can grant it with: GRANT USAGE, CREATE ON SCHEMA {schema_sql} TO "
        "{role_sql};"
    ),
    Cause.MAY_NOT_ALTER: N_(
        "The tables of the database {place} belong to another role than {role}. Run 'epicevents "
        "migrate' once as the role that created them."
    ),
    Cause.MAY_NOT_USE: N_(
        "The role {role} lacks rights on the tables of the database {place}. Their owner can give them with: "
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema_sql} TO {role_sql}; GRANT "
        "USAGE ON ALL SEQUENCES IN SCHEMA {schema_sql} TO {role_sql};"
    ),
}

SQLITE: Final[Mapping[int, Cause]] = {
    sqlite3.SQLITE_BUSY: Cause.LOCKED,
    sqlite3.SQLITE_LOCKED: Cause.LOCKED,
    sqlite3.SQLITE_PROTOCOL: Cause.LOCKED,
    sqlite3.SQLITE_CANTOPEN: Cause.NO_ACCESS,
    sqlite3.SQLITE_PERM: Cause.NO_ACCESS,
    sqlite3.SQLITE_AUTH: Cause.NO_ACCESS,
    sqlite3.SQLITE_READONLY: Cause.READ_ONLY_FILE,
    sqlite3.SQLITE_FULL: Cause.DISK_FULL,
    sqlite3.SQLITE_IOERR: Cause.DISK_ERROR,
    sqlite3.SQLITE_CORRUPT: Cause.MALFORMED,
    sqlite3.SQLITE_NOTADB: Cause.NO_SQLITE,
}
"""By the primary result code; for most codes the file itself is looked at for a more exact cause."""

SQLSTATES: Final[Mapping[str, Cause]] = {
    "28P01": Cause.PASSWORD,
    "28": Cause.NO_ROLE,
    "3D000": Cause.NO_DATABASE,
    "3F000": Cause.NO_SCHEMA,
    "42501": Cause.MAY_NOT_USE,
    "42P01": Cause.TABLES_MISSING,
    "25006": Cause.READ_ONLY_SERVER,
    "25P03": Cause.LOST,
    "25P04": Cause.TOO_LONG,
    "08": Cause.LOST,
    "40": Cause.OTHERS_WRITE,
    "53100": Cause.SERVER_FULL,
    "53000": Cause.SERVER_MEMORY,
    "53200": Cause.SERVER_MEMORY,
    "53300": Cause.TOO_MANY,
    "55P03": Cause.OTHERS_WRITE,
    "57014": Cause.TOO_LONG,
    "57P01": Cause.LOST,
    "57P02": Cause.LOST,
    "57P03": Cause.STARTING,
    "57P04": Cause.NO_DATABASE,
    "57P05": Cause.LOST,
    "57": Cause.STOPPING,
    "58": Cause.SERVER_DAMAGED,
    "XX001": Cause.SERVER_DAMAGED,
    "XX002": Cause.SERVER_DAMAGED,
}
"""By the whole code, else by its class, the first two signs."""

CONNECTING: Final[Sequence[tuple[re.Pattern[str], Cause]]] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), cause)
    for pattern, cause in (
        # By the driver and libpq, in English.
        (r"failed to resolve host|could not translate host name|encoding with 'idna' codec", Cause.NO_HOST),
        (r"socket .*(no such file|connection refused|not a directory)", Cause.NO_SOCKET),
        (r"connection refused|no route to host|network is unreachable|host is down", Cause.REFUSED),
        (r"timeout expired|timed out|connection timeout", Cause.SILENT),
        (r"no password supplied", Cause.NO_PASSWORD),
        (
            r"invalid response|expected authentication request|unexpected message from server",
            Cause.NO_POSTGRESQL,
        ),
        (r"invalid (connection option|integer value|\S+ value)|unsupported startup parameter", Cause.OPTION),
        (r"unrecognized configuration parameter|invalid value for parameter", Cause.OPTION),
        (r"session is (not )?read-only|server is (not )?in hot standby", Cause.READ_ONLY_SERVER),
        # By the server, in the language that it was set to: French and English.
        (
            r"password authentication failed|authentification par mot de passe|SASL authentication",
            Cause.PASSWORD,
        ),
        (r"pg_hba\.conf", Cause.NO_ENTRY),
        (r"too many (clients|connections)|connection slots are reserved|no more connections", Cause.TOO_MANY),
        (r"trop de (clients|connexions)|emplacements de connexion", Cause.TOO_MANY),
        (
            r"starting up|not yet accepting|recovery mode|bases? de données se lance|restauration",
            Cause.STARTING,
        ),
        (r"shutting down|administrator command|base de données? s'arrête", Cause.STOPPING),
        (r'role "[^"]*" (does not exist|not permitted to log ?in)', Cause.NO_ROLE),
        (r"rôle .* (n'existe pas|pas autorisé à se connecter)", Cause.NO_ROLE),
        (r"permission denied for database|droit refusé pour la base", Cause.MAY_NOT_CONNECT),
        (r"database .* does not exist|no such database|base de données .* n'existe pas", Cause.NO_DATABASE),
        (r"\bssl\b|certificate|tls", Cause.ENCRYPTION),
        (r"closed the connection|connection reset|broken pipe|terminating connection", Cause.LOST),
        (r"FATAL|ERROR|FATALE|PATAL", Cause.TURNED_AWAY),
    )
)
"""The messages of errors without a code, in the order in which they are looked for."""


def connecting_cause(said: str) -> Cause | None:
    """The cause of a connection that failed, by what driver or server said."""
    return next((cause for pattern, cause in CONNECTING if pattern.search(said)), None)
