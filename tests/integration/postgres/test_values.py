"""What SQLite takes as it comes and PostgreSQL does not."""

import pytest
from sqlalchemy.engine import make_url

from app import create_app
from app.access.guards import public
from app.assessments.service import ticket_for
from app.platform.db import begin_write, db
from tests.factories import assessments, people
from tests.factories.devices import answer

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("fixed_clock")]

#: The last second that a clock can name.
LAST = 253_402_300_799_000


def test_answer_of_a_mad_clock_can_be_read_again_where_the_server_keeps_another_zone(
    postgres, tmp_path
):
    """The server's own zone is that of its machine; there the year 10000 had begun."""
    settings = postgres.fresh(tmp_path)
    name = make_url(settings.database_url).database
    postgres.server.sql(f"ALTER DATABASE {name} SET timezone = 'Asia/Shanghai'")
    app = create_app(settings, TESTING=True)
    with app.app_context():
        begin_write()
        ticket = ticket_for(assessments.sitting())
        db.session.commit()

    for n in (1, 2):
        said = {"answers": [answer("phq9.q1", value=n, at=LAST)], "ticket": ticket}
        assert app.test_client().post("/s/responses", json=said).status_code == 200


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
