"""Writes of interview days."""
