"""The scoring engine: arrays of answers in, scores, bands and flags out; no web, no database.

A checked `Instrument` flows in and is compiled once; the same code scores one student and a
province.
"""

from app.scoring.compile import CompiledInstrument, compile_instrument
from app.scoring.results import (
    ENGINE_VERSION,
    AdministrationScores,
    CohortScores,
    Flag,
    Person,
    ScaleColumns,
    ScaleScore,
)

__all__ = [
    "ENGINE_VERSION",
    "AdministrationScores",
    "CohortScores",
    "CompiledInstrument",
    "Flag",
    "Person",
    "ScaleColumns",
    "ScaleScore",
    "compile_instrument",
]
