"""How often each answer was given by real people: figures only, the data are not copied.

`NHANES_PHQ9`: NHANES 2017-2018, 5,533 adults (US CDC/NCHS, public domain); answers 0-3, refusals
and missing left out. `UKM_PHQ9` and `UKM_GAD7`: 223 undergraduates of the Universiti Kebangsaan
Malaysia (I. Ayuphan, MIT licence). Loadings are those of the first component of the UKM answers.
`WHO5` has no source: invented.
"""

from collections.abc import Sequence

Shares = Sequence[Sequence[float]]
"""One row an item, one share an answer from 0 up."""

NHANES_PHQ9: Shares = (
    (0.7456, 0.1604, 0.0551, 0.0389),
    (0.7598, 0.1634, 0.0440, 0.0328),
    (0.6133, 0.2243, 0.0753, 0.0871),
    (0.5082, 0.3170, 0.0899, 0.0850),
    (0.7494, 0.1529, 0.0543, 0.0434),
    (0.8336, 0.1131, 0.0289, 0.0244),
    (0.8339, 0.1017, 0.0307, 0.0338),
    (0.8932, 0.0645, 0.0236, 0.0187),
    (0.9622, 0.0267, 0.0063, 0.0047),
)

UKM_PHQ9: Shares = (
    (0.2466, 0.5247, 0.1300, 0.0987),
    (0.2646, 0.4753, 0.1525, 0.1076),
    (0.2870, 0.3901, 0.1973, 0.1256),
    (0.1300, 0.4933, 0.2556, 0.1211),
    (0.3587, 0.3812, 0.1704, 0.0897),
    (0.4170, 0.3453, 0.1525, 0.0852),
    (0.2870, 0.4395, 0.1704, 0.1031),
    (0.5650, 0.2601, 0.1211, 0.0538),
    (0.7085, 0.1659, 0.0807, 0.0448),
)

UKM_GAD7: Shares = (
    (0.4036, 0.3991, 0.1166, 0.0807),
    (0.4933, 0.2960, 0.1614, 0.0493),
    (0.3318, 0.4350, 0.1614, 0.0717),
    (0.5022, 0.3363, 0.1076, 0.0538),
    (0.6143, 0.2422, 0.1031, 0.0404),
    (0.4305, 0.3363, 0.1480, 0.0852),
    (0.3453, 0.4260, 0.1480, 0.0807),
)

#: Invented. A higher answer is a better one, so the factor counts against it.
WHO5: Shares = (
    (0.01, 0.03, 0.08, 0.20, 0.38, 0.30),
    (0.01, 0.04, 0.09, 0.22, 0.37, 0.27),
    (0.02, 0.05, 0.11, 0.22, 0.35, 0.25),
    (0.03, 0.08, 0.14, 0.24, 0.31, 0.20),
    (0.02, 0.05, 0.10, 0.21, 0.35, 0.27),
)

PHQ9_LOADINGS = (0.74, 0.79, 0.66, 0.70, 0.61, 0.79, 0.69, 0.74, 0.78)
GAD7_LOADINGS = (0.86, 0.87, 0.85, 0.85, 0.85, 0.77, 0.76)
WHO5_LOADINGS = (-0.70, -0.72, -0.68, -0.66, -0.65)

ITEM_9_POSITIVE = 0.05
"""How often item 9 of the PHQ-9 is above 0 in the demo; 3.8 % in NHANES, 29 % in the UKM data."""
