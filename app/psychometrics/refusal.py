"""What cannot be estimated is refused, in one plain sentence that says why."""


class CannotEstimate(ValueError):  # noqa: N818 -- named for what the reader is told
    """These data do not allow this figure; the message is one sentence for the reader."""
