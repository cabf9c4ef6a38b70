"""Lineage (経緯): what came of what, append-only."""
