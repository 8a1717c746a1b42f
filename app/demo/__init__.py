"""An invented school district, so that a newcomer meets the product in use.

Nobody in it exists. People, places, dates and messages are invented; how often each answer is given
carries over from two published data sets (`shares`), except for WHO-5 and the closing questions,
which have no source and are invented too.
"""
