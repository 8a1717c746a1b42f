"""The words of profiles and their printing in the reader's language."""

from datetime import datetime

from flask_babel import gettext as _

from app.cases.domain.printing import EnvelopeOrder, Rendering, RunState
from app.people.domain import Sex
from app.platform import clock
from app.profiles.phrases import date_text


def rendering_name(rendering: Rendering) -> str:
    """For whom a summary is written."""
    names: dict[Rendering, str] = {
        Rendering.COUNSELLOR: _("For counsellors: everything"),
        Rendering.STUDENT: _("For students: no results"),
        Rendering.GUARDIAN: _("For guardians: no results"),
        Rendering.REFERRAL: _("For a referral: what the partner needs"),
    }
    return names[rendering]


def heading_of(rendering: Rendering) -> str:
    """What stands at the head of a printed summary."""
    heads: dict[Rendering, str] = {
        # Translators: head of a printed summary
        Rendering.COUNSELLOR: _("Profile summary for the counsellor, confidential"),
        Rendering.STUDENT: _("A letter to you"),
        Rendering.GUARDIAN: _("A letter to the guardian"),
        Rendering.REFERRAL: _("Referral summary, confidential"),
    }
    return heads[rendering]


def order_name(order: EnvelopeOrder) -> str:
    """How the sheets, and so the envelopes, lie."""
    names: dict[EnvelopeOrder, str] = {
        EnvelopeOrder.ROLL: _("By class, then as on the roll"),
        EnvelopeOrder.NAME: _("By class, then by name"),
        EnvelopeOrder.TEACHER: _("By class teacher, then as on the roll"),
    }
    return names[order]


def run_state_name(state: RunState) -> str:
    """How a printing stands."""
    names: dict[RunState, str] = {
        RunState.GATHERING: _("The sheets are being written"),
        RunState.PRINTING: _("The sheets are being printed into the file"),
        RunState.READY: _("The file is ready"),
        RunState.CANCELLED: _("Cancelled"),
        RunState.FAILED: _("Printing did not work"),
        RunState.OVER: _("The file is gone"),
    }
    return names[state]


def sex_name(sex: Sex) -> str:
    """As the roster says."""
    names: dict[Sex, str] = {Sex.MALE: _("male"), Sex.FEMALE: _("female")}
    return names[sex]


def moment_text(moment: datetime, locale: str) -> str:
    """Day and time on the site's clock."""
    local = clock.local(moment)
    return f"{date_text(local.date(), locale)} {local:%H:%M}"
