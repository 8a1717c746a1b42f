"""The lines of a case's story."""

from enum import StrEnum


class Happening(StrEnum):
    """What a line of a case's story tells."""

    OPENED = "opened"
    FLAGS_JOINED = "flags_joined"
    FLAGS_NOTED = "flags_noted"
    NEXT_DATE_SET = "next_date_set"
    RISK_SET = "risk_set"
    MOVED = "moved"
    CLOSED = "closed"
    REFERRED = "referred"
    REFERRAL_MOVED = "referral_moved"
    CONFERRED = "conferred"
    PLAN_REVISED = "plan_revised"
    MEASURE_PLANNED = "measure_planned"
    MEASURE_GIVEN = "measure_given"
    MEASURE_ENDED = "measure_ended"
    GUARDIAN_STEP = "guardian_step"
    LEAVE_BEGAN = "leave_began"
    RETURNED = "returned"
    ENDING_PROPOSED = "ending_proposed"
    ENDING_WITHDRAWN = "ending_withdrawn"
    TRANSFERRED = "transferred"
    REOPENED = "reopened"
    REASSIGNED = "reassigned"
    COVERED = "covered"
