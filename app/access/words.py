"""The names of roles as people read them."""

from flask_babel import gettext as _

from app.access.permissions import Role


def role_name(role: Role) -> str:
    """The role in the reader's language."""
    names: dict[Role, str] = {
        Role.PROCTOR: _("proctor"),
        Role.CLASS_TEACHER: _("class teacher"),
        Role.STUDENT_OBSERVER: _("student observer"),
        Role.COUNSELLOR: _("counsellor"),
        Role.CRISIS_LEAD: _("crisis lead"),
        Role.SITE_STAFF: _("site staff"),
        Role.SCHOOL_HEAD: _("school head"),
        Role.AUTHOR: _("author"),
        Role.REVIEWER: _("reviewer"),
        Role.PROGRAMME_OFFICER: _("programme officer"),
        Role.ADMINISTRATOR: _("administrator"),
        Role.AUDITOR: _("auditor"),
    }
    return names[role]
