"""How the command line lists what is wrong with a file: the first reasons, and how many more."""

MOST = 50


def listed(reasons: list[str]) -> str:
    """One reason a line."""
    rest = len(reasons) - MOST
    return "\n".join([*reasons[:MOST], *([f"and {rest} more."] if rest > 0 else [])])
