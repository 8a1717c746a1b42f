"""Property tests are reproducible and are not timed: the machine may be busy."""

from hypothesis import settings

settings.register_profile("xinqiao", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("xinqiao")
