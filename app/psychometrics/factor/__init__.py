"""How many traits a questionnaire measures, and whether the structure it claims fits.

`correlations` prepares the answers, `parallel` counts factors, `exploratory` extracts them and
`rotation` turns them, `confirmatory` fits a structure that is given.
"""
