"""Property tests are reproducible and are not timed: the machine may be busy."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "xinqiao",
    deadline=None,
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("xinqiao")
