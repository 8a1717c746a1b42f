"""Students as a load: an invented school, browsers that walk through it, servers to walk against."""
