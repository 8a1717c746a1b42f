"""Forms about people: shape and messages only."""

from typing import cast

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, Optional, Regexp, ValidationError

from app.people.domain import ADULT_AGE, CONSENT_AGE, ConsentMeans, ConsentStatus
from app.people.service.sites import SiteFacts
from app.platform import clock
from app.platform.forms import Form


class LoginForm(Form):
    """Login and password."""

    login = StringField(_l("Login"), [InputRequired(), Length(max=60)])
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=200)])


class RosterForm(Form):
    """A roster file and the school it belongs to."""

    site = SelectField(_l("School"), [InputRequired()])
    file = FileField(_l("Roster file (.xlsx or .csv)"), [FileRequired(_l("Choose a file."))])


def not_in_future(_form: Form, field: DateField) -> None:
    """Refuse a day that is still to come: nobody has answered yet."""
    if field.data > clock.today():
        raise ValidationError(_l("This day is still to come; check the date."))


class ConsentForm(Form):
    """What a guardian answered."""

    status = RadioField(
        _l("The guardian"),
        [InputRequired()],
        choices=[
            SelectChoice(ConsentStatus.GIVEN.value, _l("consents")),
            SelectChoice(ConsentStatus.REFUSED.value, _l("refuses")),
            SelectChoice(ConsentStatus.WITHDRAWN.value, _l("takes an earlier consent back")),
        ],
    )
    given_on = DateField(_l("On which day"), [InputRequired(_l("Enter a date.")), not_in_future])
    given_by = StringField(_l("Answered by"), [Optional(), Length(max=60)])
    means = RadioField(
        _l("How"),
        [InputRequired()],
        choices=[
            SelectChoice(ConsentMeans.PAPER.value, _l("on paper")),
            SelectChoice(ConsentMeans.LINK.value, _l("through a link")),
        ],
        default=ConsentMeans.PAPER.value,
    )


class ShiftForm(Form):
    """A responder on duty from one hour to another."""

    user = SelectField(_l("Responder"), [InputRequired()])
    on = DateField(_l("From the day"), [InputRequired(_l("Enter a date."))])
    starts = TimeField(_l("From (hour)"), [InputRequired(_l("Enter a time."))])
    ends = TimeField(_l("To (an earlier hour is on the next day)"), [InputRequired()])
    rank = SelectField(
        _l("Responds"),
        choices=[
            SelectChoice("1", _l("first")),
            SelectChoice("2", _l("second, when the first does not")),
        ],
    )


A_NUMBER = [
    Length(max=32),
    Regexp(r"^\+?[0-9][0-9 -]{1,30}$", message=_l("Write digits, blanks and dashes only.")),
]


class SiteForm(Form):
    """What a school says of itself."""

    duty_phone = StringField(
        _l("Duty phone"),
        [Optional(), *A_NUMBER],
        description=_l("Students see it first on the help page. Without it no campaign opens."),
    )
    counselling_room = StringField(_l("Counselling room"), [Optional(), Length(max=120)])
    hospital_name = StringField(
        _l("Hospital for emergencies"),
        [Optional(), Length(max=120)],
        description=_l("Where a student in danger is taken. Without it no campaign opens."),
    )
    hospital_phone = StringField(_l("Telephone of the hospital"), [Optional(), *A_NUMBER])
    guardian_rule = TextAreaField(
        _l("Who calls guardians, and when"),
        [Optional(), Length(max=500)],
        description=_l(
            "In your own words, up to 500 characters: who calls, how soon, and who decides when a "
            "guardian is the person the student is afraid of. Without it no campaign opens."
        ),
        render_kw={"rows": 5},
    )
    opens_at = TimeField(_l("School opens at"), [InputRequired(_l("Enter a time."))])
    closes_at = TimeField(
        _l("School closes at"),
        [InputRequired(_l("Enter a time."))],
        description=_l("In these hours of every school day somebody must be on duty."),
    )
    consent_age = SelectField(
        _l("A guardian must consent under the age of"),
        coerce=int,
        choices=[SelectChoice(age, str(age)) for age in range(CONSENT_AGE, ADULT_AGE + 1)],
        description=_l("14 is the law; a school may ask for consent up to 18."),
    )

    def validate_closes_at(self, field: TimeField) -> None:
        """A day ends after it has begun."""
        if self.opens_at.data and field.data and field.data <= self.opens_at.data:
            raise ValidationError(_l("The school closes after it opens; check the hours."))

    def facts(self) -> SiteFacts:
        """What the service keeps; an empty field is nothing."""
        said = {
            name: value.strip() or None if isinstance(value, str) else value
            for name, value in self.data.items()
            if name in SiteFacts.__annotations__
        }
        return cast(SiteFacts, said)


class DutyPhoneForm(Form):
    """The number that students find on the help page."""

    phone = StringField(
        _l("Duty phone"),
        [InputRequired(), *A_NUMBER],
        description=_l("Students see it first on the help page. Without it no campaign opens."),
    )


class AccountForm(Form):
    """A new account with its first role and place."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=60)])
    login = StringField(
        _l("Login"),
        [
            InputRequired(),
            Length(max=60),
            Regexp(r"^[a-z0-9._-]+$", message=_l("Use small letters, digits and . _ - only.")),
        ],
    )
    role = SelectField(_l("Role"), [InputRequired()])
    #: A site ("site:…"), a class ("class:…") or everywhere ("").
    place = SelectField(_l("Where they work"))


class PasswordForm(Form):
    """A new password of one's own."""

    old = PasswordField(_l("Password until now"), [InputRequired(), Length(max=200)])
    new = PasswordField(
        _l("New password"),
        [InputRequired(), Length(min=10, max=200, message=_l("Use at least 10 characters."))],
    )
    again = PasswordField(
        _l("New password once more"),
        [InputRequired(), EqualTo("new", message=_l("The two new passwords differ."))],
    )
