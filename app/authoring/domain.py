"""Words about published instruments."""


class VersionTakenError(ValueError):
    """A published version never changes: other content needs another version number."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"already published with other content: {', '.join(names)}; "
            "give the changed file a new version."
        )


class UnknownInstrumentError(LookupError):
    """No instrument of that code is in service."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no instrument is called “{code}”; publish the library first.")
