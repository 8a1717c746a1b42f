"""Students as a load: an invented school, browsers that walk through it, what serves them."""
