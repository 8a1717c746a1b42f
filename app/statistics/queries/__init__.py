"""Reads of group reports."""
