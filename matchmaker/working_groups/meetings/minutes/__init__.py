"""Minutes: written together, checked by the speakers, published, corrected."""
