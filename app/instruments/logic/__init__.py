"""Conditions and expressions: a small safe grammar, compiled once to plain data.

The same data is evaluated for one person, for a cohort of arrays, and by the student's browser.
Missing answers make a result unknown; unknown is NaN here and null in the browser.
"""

from app.instruments.logic.evaluate import evaluate
from app.instruments.logic.grammar import LogicError
from app.instruments.logic.scope import Logic, Scope, compile_logic
from app.instruments.logic.vector import evaluate_many

__all__ = ["Logic", "LogicError", "Scope", "compile_logic", "evaluate", "evaluate_many"]
