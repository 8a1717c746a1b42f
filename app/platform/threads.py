"""gunicorn's threaded worker, in which a connection costs a thread only once it has spoken.

The worker of gunicorn lets a thread wait five seconds for the first byte of every new connection:
five hundred phones that connected and lost their signal would keep eight threads for minutes. Here
such a connection waits in the poller, which holds a thousand of them. Half a request still holds a
thread until it is whole; against that a proxy stands in front (docs/operations/deploy.md).
"""

from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import (  # type: ignore[import-untyped]
    _DEFER,
    TConn,
    ThreadWorker,
)


class PatientWorker(ThreadWorker):
    """Hands connections to threads when there is something to read."""

    def enqueue_req(self, conn: TConn) -> None:
        """A new connection goes where gunicorn puts those that stayed silent."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        silent: Future[Any] = Future()
        silent.set_result(_DEFER)
        self.finish_request(conn, silent)
