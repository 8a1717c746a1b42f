"""The lines of a case's story."""

from enum import StrEnum


class Happening(StrEnum):
    """What a line of a case's story tells."""

    OPENED = "opened"
    FLAGS_JOINED = "flags_joined"
    REPORT_JOINED = "report_joined"
    FLAGS_NOTED = "flags_noted"
    NEXT_DATE_SET = "next_date_set"
    RISK_SET = "risk_set"
    MOVED = "moved"
    CLOSED = "closed"
    REFERRED = "referred"
    REFERRAL_MOVED = "referral_moved"
