"""Poolers between the program and PostgreSQL, such as PgBouncer in transaction mode.

Behind one, each transaction may run on another connection of the server. A prepared statement may belong to
another client in the next transaction, and session settings are lost. So nothing is prepared, and each
transaction sets the settings of the program again.
"""

import re
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect

LOCK_TIMEOUT: Final = 5.0
"""Seconds that a statement waits for a lock of another transaction."""

# JIT off: the queries run faster than they compile.
_SETTINGS: Final = {"lock_timeout": str(int(LOCK_TIMEOUT * 1000)), "timezone": "UTC", "jit": "off"}
_OPTIONS: Final = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
_FOR_THIS_TRANSACTION: Final = "SELECT " + ", ".join(
    f"set_config('{name}', '{value}', true)" for name, value in _SETTINGS.items()
)
_WHO_ANSWERS: Final = "SELECT pg_backend_pid(), current_setting('lock_timeout')"
_REFUSED: Final = re.compile(r"startup parameter|command.line options", re.IGNORECASE)


class Pooler:
    """Whether a pooler is in front of a database: given, or detected at a connection.

    It is detected if it refuses or loses the options of the connection, or if the process that answers is not
    the one that was connected to.
    """

    def __init__(self, *, given: bool = False) -> None:
        self.is_there = given

    def connect(self, dialect: Dialect, _record: object, args: list[Any], params: dict[str, Any]) -> Any:
        """A connection of the driver, with the settings of the session unless there is a pooler."""
        if not self.is_there:
            connection = self._connect_directly(dialect, args, params)
            if connection is not None:
                return connection
            self.is_there = True
        return dialect.connect(*args, **params, prepare_threshold=None)

    def _connect_directly(self, dialect: Dialect, args: list[Any], params: dict[str, Any]) -> Any:
        options = f"{params.get('options', '')} {_OPTIONS}".strip()
        try:
            connection: Any = dialect.connect(*args, **params | {"options": options})
        except dialect.loaded_dbapi.OperationalError as error:
            if _REFUSED.search(str(error)):
                return None
            raise
        try:
            process, lock_timeout = connection.execute(_WHO_ANSWERS).fetchone()
            connection.rollback()
        except BaseException:
            connection.close()
            raise
        if process == connection.info.backend_pid and lock_timeout == f"{int(LOCK_TIMEOUT)}s":
            return connection
        connection.close()
        return None

    def begin(self, connection: Connection) -> None:
        """To be called as a transaction begins."""
        if self.is_there:
            connection.exec_driver_sql(_FOR_THIS_TRANSACTION)
