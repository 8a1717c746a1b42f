"""Xinqiao: from "how are you, really?" to a named person who follows up.

Nothing is imported here before `create_app` is called: the core (`app.instruments`,
`app.scoring`, …) and the command line must start without Flask and a database.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings


def create_app(settings: "Settings | None" = None, **config: object) -> "Flask":
    """Settings, then the basement, then the rooms; the only place that knows them all."""
    from app.config import Settings
    from app.platform import db, forms, health, i18n, web, wire
    from app.platform.crypto import Keyring

    settings = settings or Settings.from_environ()
    keyring = Keyring.load(settings.keyring_file)
    app = web.Application(__name__)
    app.extensions["keyring"] = keyring
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=keyring.derive("cookies"),
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_encrypted,
        WTF_CSRF_TIME_LIMIT=None,
        # Our pages send no referrer; over TLS the check for one would refuse every form.
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=10 * 2**20,
        **config,
    )
    app.config["SESSION_COOKIE_NAME"] = wire.cookie_name(app, "xinqiao")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    web.init_app(app)
    db.init_app(app)
    forms.csrf.init_app(app)
    i18n.init_app(app)
    app.register_blueprint(health.bp)
    _open_rooms(app)
    return app


def _open_rooms(app: "Flask") -> None:
    """Every room's pages in the direction in which data flows, then who hears events and works."""
    from app.access.routes import bp as access
    from app.alarms.handlers import subscribe as alarms_listen
    from app.alarms.jobs import register as alarms_work
    from app.alarms.routes import bp as alarms
    from app.appointments.handlers import subscribe as appointments_listen
    from app.appointments.routes import bp as appointments
    from app.assessments.handlers import subscribe as assessments_listen
    from app.assessments.jobs import register as assessments_work
    from app.assessments.routes import bp as assessments
    from app.authoring.routes import bp as authoring
    from app.campaigns.handlers import subscribe as campaigns_listen
    from app.campaigns.jobs import register as campaigns_work
    from app.campaigns.routes import bp as campaigns
    from app.cases.handlers import subscribe as cases_listen
    from app.cases.jobs import register as cases_work
    from app.cases.routes import bp as cases
    from app.meetings.routes import bp as meetings
    from app.observations.routes import bp as observations
    from app.people.routes import bp as people
    from app.results.handlers import subscribe as results_listen
    from app.results.jobs import register as results_work
    from app.results.routes import bp as results
    from app.statistics.jobs import register as statistics_work
    from app.statistics.routes import bp as statistics

    rooms = (access, people, authoring, campaigns, assessments, observations, cases)
    for room in (*rooms, results, alarms, appointments, meetings, statistics):
        app.register_blueprint(room)
    upstream = (campaigns_listen, assessments_listen, results_listen)
    for listen in (*upstream, cases_listen, alarms_listen, appointments_listen):
        listen()
    for register in (campaigns_work, assessments_work, results_work, cases_work, alarms_work):
        register()
    statistics_work()
