"""Forms about campaigns: shape and messages only."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from app.campaigns.domain import MOST_SEATS
from app.campaigns.models import Battery, Campaign
from app.people.models import Cohort, Site, User
from app.platform.forms import Form

TEXT = [InputRequired(), Length(max=4_000)]
TALL = {"rows": 14}
CODE = [
    InputRequired(),
    Length(max=40),
    Regexp(r"^[a-z0-9][a-z0-9-]*$", message=_l("Use small letters, digits and dashes.")),
]
#: How many instruments a battery has room for on its page; a lesson is shorter still.
PLACES = 6
PER_SITE = "site_"


class CheckboxesField(SelectMultipleField):  # type: ignore[misc]  # WTForms brings no types
    """Several of many, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SiteForm(PlainForm):  # type: ignore[misc]  # WTForms brings no types
    """The part of one school: its classes, and who answers for them."""

    whole = BooleanField(_l("All classes of this school"))
    cohorts = CheckboxesField(_l("Classes"))
    first = SelectField(_l("First responder"), [Optional()], default="")
    second = SelectField(_l("Second responder"), [Optional()], default="")


class CampaignForm(Form):
    """The plan of a campaign; `campaign_form` adds a part for each school."""

    code = StringField(
        _l("Short code"),
        CODE,
        description=_l("For files and the command line, such as 2026-autumn."),
    )
    title = StringField(
        _l("Title"),
        [InputRequired(), Length(max=120)],
        description=_l("Staff and students see it. Keep it neutral."),
    )
    battery = SelectField(_l("Battery"), [InputRequired()])
    opens_on = DateField(_l("First day"), [InputRequired()])
    closes_on = DateField(_l("Last day"), [InputRequired()])
    notice_zh = TextAreaField(_l("Notice in Chinese"), TEXT, render_kw=TALL)
    assent_zh = TextAreaField(_l("Assent in Chinese"), TEXT)
    notice_en = TextAreaField(_l("Notice in English"), TEXT, render_kw=TALL)
    assent_en = TextAreaField(_l("Assent in English"), TEXT)

    def validate_closes_on(self, field: DateField) -> None:
        """A last day before the first one is a slip of the pen."""
        if field.data and self.opens_on.data and field.data < self.opens_on.data:
            raise ValidationError(_l("The last day lies before the first. Choose a later one."))

    @property
    def site_parts(self) -> list[FormField]:
        """The parts of the schools, in order."""
        return [field for field in self if field.name.startswith(PER_SITE)]

    def chosen_cohorts(self) -> set[str]:
        """Public ids of the classes ticked, one by one or as a whole school."""
        chosen: set[str] = set()
        for part in self.site_parts:
            everyone = [value for value, _label in part.form.cohorts.choices]
            chosen |= set(everyone if part.form.whole.data else part.form.cohorts.data)
        return chosen

    def responders(self) -> dict[str, tuple[str, str]]:
        """Public ids of the responders, by the school's public id."""
        return {
            part.name.removeprefix(PER_SITE): (part.form.first.data, part.form.second.data)
            for part in self.site_parts
        }


class BatteryForm(Form):
    """Instruments in order, under a name."""

    code = StringField(_l("Short code"), CODE)
    title_zh = StringField(_l("Name in Chinese"), [InputRequired(), Length(max=120)])
    title_en = StringField(_l("Name in English"), [InputRequired(), Length(max=120)])
    instruments = FieldList(
        SelectField(_l("Instrument"), [Optional()], default=""),
        _l("Instruments in order"),
        min_entries=PLACES,
    )

    def validate_instruments(self, field: FieldList) -> None:
        """At least one, and none twice: the same questions twice help nobody."""
        chosen = [code for code in field.data if code]
        if not chosen:
            raise ValidationError(_l("Choose at least one instrument."))
        if len(set(chosen)) < len(chosen):
            raise ValidationError(_l("An instrument stands here twice. Choose each one once."))

    def decided(self) -> dict[str, Any]:
        """What the filled form asks of the service."""
        return {
            "code": self.code.data,
            "title_zh": self.title_zh.data,
            "title_en": self.title_en.data,
            "instrument_codes": [code for code in self.instruments.data if code],
        }


class ReminderDaysForm(Form):
    """The days on which class teachers are asked to remind their classes."""

    first = DateField(_l("First reminder"), [Optional()])
    again = DateField(_l("Second reminder"), [Optional()])


class OpenLinkForm(Form):
    """The school that watches an open link."""

    site = SelectField(_l("The school that watches"), [InputRequired()])


class ComputerRoomForm(Form):
    """How many machines a class sits down at."""

    seats = IntegerField(_l("Number of seats"), [InputRequired(), NumberRange(1, MOST_SEATS)])


def battery_form(
    instruments: Sequence[tuple[str, str]], data: Mapping[str, object] | None = None
) -> BatteryForm:
    """A form with the instruments in service, filled with what a starter proposes."""
    form = BatteryForm(data=data)
    for place in form.instruments:
        place.choices = [("", _l("– none –")), *instruments]
    return form


def open_link_form(campaign: Campaign) -> OpenLinkForm:
    """A form with the schools that take part."""
    form = OpenLinkForm()
    form.site.choices = [(part.site.public_id, part.site.name) for part in campaign.sites]
    return form


def campaign_form(
    *,
    sites: Sequence[Site],
    cohorts: Mapping[int, Sequence[Cohort]],
    responders: Mapping[int, Sequence[User]],
    batteries: Sequence[Battery],
    locale: str,
    data: Mapping[str, object],
) -> CampaignForm:
    """A form with a part for each school and everything that can be chosen."""
    parts = {f"{PER_SITE}{site.public_id}": FormField(SiteForm, site.name) for site in sites}
    form: CampaignForm = type("PlannedCampaignForm", (CampaignForm,), parts)(data=data)
    form.battery.choices = [
        (battery.public_id, battery.title_zh if locale == "zh_Hans" else battery.title_en)
        for battery in batteries
    ]
    for site, part in zip(sites, form.site_parts, strict=True):
        part.form.cohorts.choices = [(c.public_id, c.name) for c in cohorts.get(site.id, [])]
        people = [(user.public_id, user.name) for user in responders.get(site.id, [])]
        part.form.first.choices = [("", _l("Nobody yet")), *people]
        part.form.second.choices = [("", _l("Nobody")), *people]
    return form
