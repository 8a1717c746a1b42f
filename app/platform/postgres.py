"""PostgreSQL beside us: it is restarted, sits on another machine, and outlives us or not.

A restart ends every connection and takes a few seconds. Who asks meanwhile waits a little instead
of being sent away; what a connection took with it was not committed, and is begun anew by whoever
began it (`Application.dispatch_request`, the worker's leases).
"""

import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import DBAPIError

#: As long as a restart takes. A phone takes a request for lost after fifteen seconds.
PATIENCE_SECONDS = 6.0
PAUSE_SECONDS = 0.1
#: So long after one outage has used it up the next failure is another one.
ANOTHER_SECONDS = 60.0

#: What libpq does before it gives a silent machine up: some fifty seconds instead of two hours.
LINE = {
    "connect_timeout": 3,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
#: What the server does for us. It speaks UTC: in another zone the last second that a mad clock can
#: name lies in the year 10000, and nobody could read that answer again. Who waits for a lock gives
#: up in time, as on SQLite; and a machine of ours that lost its power does not hold the log against
#: all others for two hours. Nothing of ours stays in one transaction so long without a word.
LIMITS = {
    "timezone": "UTC",
    "lock_timeout": "12s",
    "idle_in_transaction_session_timeout": "15min",
    "tcp_keepalives_idle": "20s",
    "tcp_keepalives_interval": "10s",
    "tcp_keepalives_count": "3",
}

#: What is acknowledged survives a power cut (safety promise P1), also where somebody has told the
#: server to be quick instead. Who has told it to be surer still is left alone.
DURABLE = (
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'"
)

#: Of the engine: connections are tried before they are lent, for they may have died in the pool.
OPTIONS: dict[str, Any] = {"pool_pre_ping": True, "connect_args": LINE}


def prepare(engine: Engine) -> None:
    """Teach the connections of an engine patience and limits."""
    patience = _Patience()

    @event.listens_for(engine, "do_connect")
    def wait_for_it(dialect: Dialect, _record: Any, words: Any, named: Any) -> Any:
        while True:
            try:
                connection = dialect.connect(*words, **named)
            except dialect.loaded_dbapi.OperationalError:
                if not patience.is_left():
                    raise
                time.sleep(PAUSE_SECONDS)
            else:
                patience.renew()
                return connection

    @event.listens_for(engine, "connect")
    def set_limits(connection: Any, _record: Any) -> None:
        for name, value in LIMITS.items():
            connection.execute(f"SET {name} = '{value}'")
        connection.execute(DURABLE)
        connection.commit()


def is_cut_off(error: Exception) -> bool:
    """Whether the connection died under the statement, and the transaction with it."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


class _Patience:
    """It is had once an outage and not once a request, or all threads would stand and wait."""

    def __init__(self) -> None:
        self._until: float | None = None

    def is_left(self) -> bool:
        """Whether to try again; it begins to run out when this is first asked."""
        now = time.monotonic()
        if self._until is None or now - self._until > ANOTHER_SECONDS:
            self._until = now + PATIENCE_SECONDS
        return now < self._until

    def renew(self) -> None:
        """The server is there again."""
        self._until = None
