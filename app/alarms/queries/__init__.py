"""Reads of alarms, one module a noun."""
