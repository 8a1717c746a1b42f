"""Writes of review meetings and of supervision."""
