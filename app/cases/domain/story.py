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
    INTERVIEW_CORRECTED = "interview_corrected"
    CARE_NOTICE_SENT = "care_notice_sent"
    CARE_NOTICE_WITHDRAWN = "care_notice_withdrawn"
    GUARDIAN_LETTER_WRITTEN = "guardian_letter_written"
    GUARDIAN_LETTER_RETURNED = "guardian_letter_returned"
    GUARDIAN_FEARED = "guardian_feared"
