"""Special tags: circumstances that call for care, and that few may know."""

from enum import StrEnum

from app.cases.domain.errors import CaseError


class TagKind(StrEnum):
    """留守, 处境困难, 涉法涉罪, and the other difficulties that student offices distinguish.

    What a school has to look after, no finding about the person.
    """

    LEFT_BEHIND = "left_behind"
    IN_DIFFICULTY = "in_difficulty"
    STUDY_DIFFICULTY = "study_difficulty"
    SETTLING_DIFFICULTY = "settling_difficulty"
    SOCIAL_DIFFICULTY = "social_difficulty"
    LAW_CONFLICT = "law_conflict"


#: While such a tag holds, only the owner and the crisis lead open the case.
SEALING = TagKind.LAW_CONFLICT


class TagDateError(CaseError):
    """A tag begins today or earlier, and is looked at again later."""

    field = "review_on"


class TagSetError(CaseError):
    """The student has this tag already."""

    field = "kind"
