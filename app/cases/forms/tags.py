"""A special tag: which, why, since when, and when to look again."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.cases.domain.tags import TagKind
from app.cases.forms.choices import MAX_NOTE, named
from app.cases.words.tags import tag_word
from app.platform.forms import Form


class TagForm(Form):
    """What a school has to look after."""

    kind = RadioField(
        _l("Which"), [InputRequired()], choices=named(TagKind, tag_word), coerce=TagKind
    )
    reason = TextAreaField(_l("How the school knows"), [InputRequired(), Length(max=MAX_NOTE)])
    since_on = DateField(_l("Since when"), [InputRequired()])
    review_on = DateField(_l("Look again on"), [InputRequired()])
