"""What is written here: flags at the tap, scores and flags at the end of a sitting."""
