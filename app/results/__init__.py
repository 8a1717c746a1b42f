"""Stored scores and flags: submitted sittings flow in, what was found flows out."""
