"""Group reports: participation, distributions and change of classes, grades and schools.

In: scores of closed campaigns, flags, cases' first contacts. Out: pages and files in which nobody
can be recognised (`domain/suppression.py`). Owns the counts that reports are made from.
"""
