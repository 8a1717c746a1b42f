"""An invented school district, so that a newcomer meets the product in use."""
