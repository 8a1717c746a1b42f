"""Which sentence, and which day it names."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField
from wtforms.validators import InputRequired, Optional

from app.cases.domain.student_words import Phrase
from app.cases.forms.choices import named
from app.cases.words.student_words import phrase_word
from app.platform.forms import Form


class WordForm(Form):
    """A word for the student."""

    phrase = RadioField(
        _l("What the student reads"),
        [InputRequired()],
        choices=named(Phrase, phrase_word),
        coerce=Phrase,
    )
    day = DateField(_l("Which day"), [Optional()])
