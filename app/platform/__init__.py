"""The basement: database, keys, audit, clock and pages, without a word about screening."""
