"""Printed summaries: for whom they are written, and when a release is over."""

from enum import StrEnum


class Rendering(StrEnum):
    """For whom a profile summary is written."""

    COUNSELLOR = "counsellor"
    STUDENT = "student"
    GUARDIAN = "guardian"
    REFERRAL = "referral"

    @property
    def holds_results(self) -> bool:
        """Whether a score may stand on it; students and guardians all get the same words."""
        return self in (Rendering.COUNSELLOR, Rendering.REFERRAL)


class ReleaseOverError(Exception):
    """All copies are printed, or the release has expired."""
