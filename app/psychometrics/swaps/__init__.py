"""Which students of a campaign probably answered with each other's slip.

Two students i and j, what stands on each slip now (w) and what is known of each from before (u). If
the slips were swapped, w_i goes with u_j and w_j with u_i. Every part of the evidence is a score
s(u, w), the log of how much better the answers fit this past than anybody's, and a pair weighs

    g(s(u_i, w_j)) + g(s(u_j, w_i)) - g(s(u_i, w_i)) - g(s(u_j, w_j))

- `fits` has the scores: of answers item by item, of the pace of answering, of facts that stay.
- `weights` has g: how much each score counts is learnt from the campaign itself, and past a point
  it counts no more, because some answer without reading or have changed.
- `room` has the prior odds: where slips get mixed up.
- `check` brings them together and says how far they reach.
"""

from app.psychometrics.swaps.check import SwapCheck, check_swaps
from app.psychometrics.swaps.sittings import Evidence, Sittings, Suspicion

__all__ = ["Evidence", "Sittings", "Suspicion", "SwapCheck", "check_swaps"]
