"""What SQLite takes as it comes and PostgreSQL does not."""

from datetime import MAXYEAR

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app import create_app
from app.access.guards import public
from app.platform.db import db
from tests.factories import people

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("fixed_clock")]


def test_the_last_moment_there_is_can_be_read_where_the_server_keeps_another_zone(
    postgres, tmp_path
):
    """A server's own zone is that of its machine; east of Greenwich the year 10000 had begun."""
    settings = postgres.fresh(tmp_path)
    name = make_url(settings.database_url).database
    postgres.server.sql(f"ALTER DATABASE {name} SET timezone = 'Asia/Shanghai'")

    with create_app(settings, TESTING=True).app_context():
        last = db.session.scalar(text("SELECT timestamptz '9999-12-31 23:59:59+00'"))

    assert last.year == MAXYEAR


def test_what_no_column_takes_is_no_failure_of_ours(app):
    """Forms say how long a text may be; who writes past them is told that it did not work."""

    @public
    def write() -> str:
        people.site(name="校" * 200)
        db.session.flush()
        return "written"

    app.testing = False
    app.add_url_rule("/write", view_func=write, methods=["POST"])

    assert app.test_client().post("/write").status_code == 422
