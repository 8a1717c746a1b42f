"""Pages of the cases room."""

from flask import Blueprint

bp = Blueprint("cases", __name__, template_folder="templates")
