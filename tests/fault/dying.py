"""The application as it is served, in a process that dies in a commit while its fuse is lit.

What was to be committed is lost with it. Before it dies it waits: whoever acknowledges before the
commit has time to be caught at it. gunicorn imports this module, tests only light the fuse.
"""

import os
import signal
import time

from sqlalchemy import event

from app import create_app
from app.platform.db import db
from tests.fault.servers import fuse_of

HOLDS_ITS_BREATH = 1.0

app = create_app()
fuse = fuse_of(app.config["SETTINGS"])


def die(_connection: object) -> None:
    """Called by SQLAlchemy right before the database is told to commit."""
    if fuse.exists():
        fuse.unlink()
        time.sleep(HOLDS_ITS_BREATH)
        os.kill(os.getpid(), signal.SIGKILL)


with app.app_context():
    event.listen(db.engine, "commit", die)
