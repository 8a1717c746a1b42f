"""Reads of meetings, of the figures they talk about, and of supervision."""
