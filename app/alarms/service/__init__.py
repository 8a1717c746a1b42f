"""Writes of alarms, one module a noun."""
