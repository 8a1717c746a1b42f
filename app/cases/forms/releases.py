"""Forms of releases: shape and messages only."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.cases.domain.printing import Rendering
from app.cases.words.profiles import rendering_name
from app.platform.forms import Form

MOST_COPIES = 3
MOST_DAYS = 31


class ReleaseForm(Form):
    """Whose summaries, which rendering, how often and how long."""

    students = SelectMultipleField(
        _l("Students"),
        [InputRequired(_l("Choose at least one."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    rendering = RadioField(
        _l("Rendering"),
        [InputRequired()],
        coerce=Rendering,
        default=Rendering.GUARDIAN,
        choices=lambda: [(rendering.value, rendering_name(rendering)) for rendering in Rendering],
    )
    has_names = RadioField(
        _l("Names on the sheets"),
        [InputRequired()],
        default="yes",
        choices=lambda: [
            ("yes", _("with names")),
            ("no", _("without names: class and number of the roll")),
        ],
    )
    copies = IntegerField(
        _l("How often it may be printed"), [InputRequired(), NumberRange(1, MOST_COPIES)], default=1
    )
    days = IntegerField(
        _l("Days until it expires"), [InputRequired(), NumberRange(1, MOST_DAYS)], default=3
    )
