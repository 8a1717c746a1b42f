"""Forms of the authors' desk, one module a noun."""

from app.authoring.forms.drafts import (
    DraftForm,
    ExampleForm,
    NewDraftForm,
    ReturnForm,
    RevisionForm,
)
from app.authoring.forms.starter import PasteForm, ShellForm, StarterForm

__all__ = [
    "DraftForm",
    "ExampleForm",
    "NewDraftForm",
    "PasteForm",
    "ReturnForm",
    "RevisionForm",
    "ShellForm",
    "StarterForm",
]
