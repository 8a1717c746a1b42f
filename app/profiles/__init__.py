"""Scores, bands, norms and history flow in; one person's profile and its narrative flow out."""

from app.profiles.build import build_profile
from app.profiles.inputs import (
    Answered,
    LocalGroup,
    LocalNorms,
    LocalScale,
    Measured,
    Raised,
    Sitting,
)
from app.profiles.model import Profile, Rescored

__all__ = [
    "Answered",
    "LocalGroup",
    "LocalNorms",
    "LocalScale",
    "Measured",
    "Profile",
    "Raised",
    "Rescored",
    "Sitting",
    "build_profile",
]
