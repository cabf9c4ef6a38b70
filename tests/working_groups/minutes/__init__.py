"""Tests of minutes, of the reception and of what comes after a meeting."""
