"""Interview days without a database: slots, placement, capacity."""
