"""Writes of group reports."""
