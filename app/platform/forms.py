"""The form that every form here is: CSRF-protected and speaking the page's language."""

from flask_wtf import CSRFProtect, FlaskForm

csrf = CSRFProtect()


class Form(FlaskForm):
    """A form of the product; rooms add fields, services decide."""
