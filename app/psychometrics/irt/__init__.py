"""Item response theory: the graded response model, and its case of two answers, the 2PL.

`model` holds the parameters and what follows from them (probabilities, information), `fitting`
estimates them (`expectation` and `curvature` are its two halves), `scoring` places people.
"""
