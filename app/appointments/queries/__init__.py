"""Reads of interview days; every list starts from what the actor may see."""
