"""Planned screenings: a battery and classes flow in, invitations and progress flow out."""
