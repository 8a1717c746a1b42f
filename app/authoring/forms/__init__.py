"""Forms of the authors' desk, one module a noun."""

from app.authoring.forms.drafts import DraftForm, NewDraftForm, ReturnForm, RevisionForm
from app.authoring.forms.starter import PasteForm, ShellForm, StarterForm

__all__ = [
    "DraftForm",
    "NewDraftForm",
    "PasteForm",
    "ReturnForm",
    "RevisionForm",
    "ShellForm",
    "StarterForm",
]
