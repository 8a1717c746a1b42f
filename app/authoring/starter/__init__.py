"""A Likert scale as a psychologist sees it flows in, the text of an instrument flows out."""
