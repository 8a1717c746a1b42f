"""Differential item functioning: do two groups with the same score answer an item alike?

`mantel` holds Mantel-Haenszel for two answers and Mantel's test with the standardised mean
difference for more, `logistic` the ordinal logistic regression, `matching` what both match on.
"""
