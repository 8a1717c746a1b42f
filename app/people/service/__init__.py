"""Writes about people, one module a noun."""
