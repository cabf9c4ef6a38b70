"""Models that read the texts of a need and of an offering together."""
