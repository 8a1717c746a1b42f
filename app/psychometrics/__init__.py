"""Psychometrics: arrays in, numbers out; no web, no database, no instrument.

One module a subject, usable from a notebook. A function takes a matrix of people by items (NaN for
a missing answer, reversed items already turned), says in its docstring what it does with missing
answers, and returns a frozen dataclass of plain numbers. What cannot be estimated raises
`CannotEstimate` with one sentence; a part of a result that cannot be estimated is None, and
`warnings` says why. SciPy is imported inside functions.
"""
