"""Published instrument versions: texts flow in from the library, pinned versions flow out."""
