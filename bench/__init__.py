"""Measurements. Nothing here is a test: speed is shown, not asserted."""
