"""What stands now in a case, for the partials of its page; one entry a noun."""

from app.authoring.queries import instrument_of
from app.cases.domain.cases import CaseState
from app.cases.domain.endings import SECOND_SIGNATURE, may_reopen
from app.cases.models import Case
from app.cases.queries.conferences import conferences_of
from app.cases.queries.endings import waiting_ending
from app.cases.queries.guardians import fear_of, is_out_of_reach, steps_of
from app.cases.queries.holidays import cover_of
from app.cases.queries.measures import measurable, measures_of
from app.cases.queries.plans import plan_of
from app.cases.queries.promises import leave_of, open_promises
from app.platform import clock
from app.platform.i18n import choose_locale


def what_stands(case: Case) -> dict[str, object]:
    """Endings, guardian, leave, cover, plan and measures of a case."""
    steps, measures, fear = steps_of(case), measures_of(case), fear_of(case)
    is_closed = case.state is CaseState.CLOSED and case.closed_at is not None
    return {
        "ending": waiting_ending(case),
        "second_signature": SECOND_SIGNATURE,
        "may_reopen": is_closed and may_reopen(case.closed_at or clock.now(), clock.now()),
        "guardian_steps": steps,
        "out_of_reach": is_out_of_reach(steps),
        "fear": fear,
        "is_feared": fear is not None,
        "leave": leave_of(case),
        "promises": open_promises(case),
        "cover": cover_of(case),
        "conferences": conferences_of(case),
        "plan": plan_of(case),
        "measures": measures,
        "titles": titles() if measures else {},
    }


def titles() -> dict[str, str]:
    """The questionnaires that can be repeated, by code."""
    locale = choose_locale()
    return {version.code: instrument_of(version).title.get(locale) for version in measurable()}
