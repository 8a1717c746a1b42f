"""A pile of printed summaries: the sheets in front, the files between the steps, the binding."""
