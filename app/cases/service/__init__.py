"""Writes about the queue, cases and printing, one module a noun."""
