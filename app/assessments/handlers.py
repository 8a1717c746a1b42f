"""What this room does when it hears of something upstream."""


def subscribe() -> None:
    """Listen."""
