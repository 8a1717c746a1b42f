"""Forms about people: shape and messages only."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.platform.forms import Form


class LoginForm(Form):
    """Login and password."""

    login = StringField(_l("Login"), [InputRequired(), Length(max=60)])
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=200)])
