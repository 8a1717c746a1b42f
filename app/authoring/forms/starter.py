"""The form of a Likert scale, the form of a pasted file, the form of a shell's words.

They only hold what was typed: the readers of `app.authoring.starter` say what is wrong with it.
"""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.authoring.starter.problems import FieldProblem
from app.authoring.words import licence_terms, problem_text, translation_status
from app.platform.forms import Form

TERMS = (
    "ask_permission",
    "commercial",
    "free_with_conditions",
    "non_commercial",
    "free_no_permission",
    "public_domain",
    "unknown",
)
STATUSES = ("original", "official", "established", "unvalidated")
CHECKED = "y"

WHO = _l("Who allowed it")
WHEN = _l("On which day")
WHERE = _l("Where that is written (contract, letter, e-mail)")


class Needed:
    """Marks a field that has to be filled in; the reader says so where it is not."""

    field_flags = {"required": True}  # noqa: RUF012 -- WTForms asks for a dict

    def __call__(self, _form: Form, _field: object) -> None:
        """Leave the saying to the reader, which knows all fields at once."""


def _choices(words: dict[str, object]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


def _rows(number: int) -> dict[str, object]:
    return {"rows": number}


class WordingForm(Form):
    """Questions, answers, and the right to use them."""

    english = BooleanField(_l("The wording is in English too"))
    options = TextAreaField(_l("Answers, one a line, with what they count"), render_kw=_rows(5))
    questions_zh = TextAreaField(
        _l("Questions in Chinese, one a line"), [Needed()], render_kw=_rows(14)
    )
    questions_en = TextAreaField(_l("Questions in English, one a line"), render_kw=_rows(8))
    granted_by = StringField(WHO)
    granted_on = StringField(WHEN)
    reference = StringField(WHERE)
    file_name = StringField(_l("Name of the document"))

    @property
    def typed(self) -> dict[str, str]:
        """The fields as the readers take them."""
        return {
            field.short_name: (CHECKED if field.data else "")
            if isinstance(field, BooleanField)
            else str(field.data or "")
            for field in self
        }

    def show(self, problems: list[FieldProblem]) -> None:
        """Set each problem beside its field."""
        for problem in problems:
            field = self[problem.name]
            field.errors = [*field.errors, problem_text(problem)]


class ShellForm(WordingForm):
    """The words of a licensed instrument that came without them."""

    instrument = HiddenField()
    granted_by = StringField(WHO, [Needed()])
    granted_on = StringField(WHEN, [Needed()])
    reference = StringField(WHERE, [Needed()])


class StarterForm(WordingForm):
    """A Likert scale as a psychologist writes it down."""

    origin = HiddenField(default="starter")
    title_zh = StringField(_l("Name in Chinese, for staff"), [Needed()])
    student_title_zh = StringField(_l("Title that students see, in Chinese"), [Needed()])
    recall_zh = StringField(_l("Time asked about, in Chinese"), [Needed()], default="最近两周")
    instructions_zh = StringField(
        _l("What is said before the questions, in Chinese"),
        [Needed()],
        default="请选出最符合你的一项，没有对错之分。",
    )
    title_en = StringField(_l("Name in English, for staff"))
    student_title_en = StringField(_l("Title that students see, in English"))
    recall_en = StringField(_l("Time asked about, in English"), default="the last two weeks")
    instructions_en = StringField(
        _l("What is said before the questions, in English"),
        default="Please choose what fits you best. There are no right or wrong answers.",
    )
    code = StringField(_l("Short code"), [Needed()])
    citation = StringField(_l("Where it was published"), [Needed()])
    informant = SelectField(
        _l("Who answers"),
        choices=lambda: _choices(
            {"self": _l("the student"), "guardian": _l("a guardian"), "teacher": _l("a teacher")}
        ),
    )
    age_from = StringField(_l("From which age"), [Needed()])
    age_to = StringField(_l("Up to which age"))
    reverse = StringField(_l("Reversed questions"))
    method = SelectField(
        _l("The score is"),
        choices=lambda: _choices({"sum": _l("the sum"), "mean": _l("the mean")}),
    )
    multiply = StringField(_l("The sum is multiplied with"))
    positive_from = StringField(_l("Also count the answers from this value up"))
    higher_is = SelectField(
        _l("A high score means"),
        choices=lambda: _choices(
            {
                "worse": _l("more difficulty"),
                "better": _l("less difficulty"),
                "neither": _l("neither"),
            }
        ),
    )
    missing = SelectField(
        _l("When an answer is missing"),
        [Needed()],
        choices=lambda: _choices(
            {
                "": _l("Please choose"),
                "refuse": _l("there is no score"),
                "others": _l("the mean of the others stands for it"),
            }
        ),
    )
    missing_share = StringField(_l("… if at least so many per cent are answered"), default="80")
    has_total = BooleanField(_l("There is a score over all questions"), default=True)
    outside_total = StringField(_l("Questions that do not count in it"))
    factors = TextAreaField(_l("Factors, one a line"), render_kw=_rows(4))
    bands = TextAreaField(_l("Bands, one a line, lowest first"), render_kw=_rows(4))
    cutoffs = TextAreaField(_l("Cut-offs, one a line"), render_kw=_rows(2))
    figures_source = StringField(_l("Source of bands and cut-offs"))
    population = StringField(_l("Among whom they were found"))
    fast = TextAreaField(_l("Answers that call somebody at once"), render_kw=_rows(2))
    same_day = TextAreaField(_l("Answers that call somebody the same day"), render_kw=_rows(2))
    attention = TextAreaField(
        _l("Answers a counsellor should notice, without an alarm"), render_kw=_rows(2)
    )
    cleared = TextAreaField(
        _l("Questions that sound like self-harm and are not, with the reason"), render_kw=_rows(2)
    )
    terms = SelectField(
        _l("What may be done with the wording"),
        choices=lambda: _choices({terms: licence_terms(terms) for terms in TERMS}),
    )
    holder = StringField(_l("Whose wording it is"))
    wording_zh = SelectField(
        _l("The Chinese wording is"),
        choices=lambda: _choices({status: translation_status(status) for status in STATUSES}),
        default="established",
    )
    wording_en = SelectField(
        _l("The English wording is"),
        choices=lambda: _choices({status: translation_status(status) for status in STATUSES}),
        default="unvalidated",
    )


class PasteForm(Form):
    """A file, or what was copied from one."""

    file = FileField(_l("Excel or Word file (.xlsx, .docx)"))
    text = TextAreaField(_l("Or paste the text or table here"), render_kw=_rows(10))
    instrument = SelectField(_l("Which questionnaire it is"), validate_choice=False)
