"""Reads of the queue, of cases and of profiles, one module a noun."""
