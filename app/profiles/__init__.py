"""Scores, bands, norms and history flow in; one person's profile and its narrative flow out."""
