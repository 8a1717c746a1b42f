"""Properties of answers of many people; plain functions over arrays."""
