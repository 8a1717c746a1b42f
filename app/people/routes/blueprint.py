"""The blueprint that every page of this room hangs on."""

from flask import Blueprint

bp = Blueprint("people", "app.people", template_folder="templates")
