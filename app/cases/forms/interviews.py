"""The interview as a form, made from the instrument; and what is added at the signature."""

from typing import Any

from wtforms import Field, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.cases.domain.interviews import MOST_WORDS, Answers
from app.cases.forms.cases import ContactForm
from app.instruments.items import Item
from app.instruments.model import Instrument
from app.platform.forms import Form


class NoteForm(ContactForm):
    """The contact that an interview becomes: the student was there."""

    reached = None


class CorrectionForm(Form):
    """The note of a correction; contact, level and dates stay as they are."""

    note = ContactForm.note


def interview_form(instrument: Instrument, answers: Answers, locale: str) -> Form:
    """A field for each item, filled with what is known; reading it back is the domain's."""
    fields = {item.code: _field(item, locale) for item in instrument.items}
    kind: Any = type("InterviewForm", (Form,), fields)
    form: Form = kind(formdata=None, data=answers)
    return form


def _field(item: Item, locale: str) -> Field:
    label = item.text.get(locale) if item.text else item.code
    if item.kind == "text":
        return TextAreaField(label, [Optional()], render_kw={"maxlength": MOST_WORDS, "rows": 1})
    choices = [
        SelectChoice(int(o.value), o.label.get(locale) if o.label else "") for o in item.options
    ]
    if item.kind == "multiple":
        return SelectMultipleField(
            label,
            choices=choices,
            coerce=int,
            option_widget=CheckboxInput(),
            widget=ListWidget(prefix_label=False),
        )
    return RadioField(label, [Optional()], choices=choices, coerce=int)
