"""The blueprint that every page of this room hangs on."""

from flask import Blueprint

bp = Blueprint("cases", "app.cases", template_folder="templates")
