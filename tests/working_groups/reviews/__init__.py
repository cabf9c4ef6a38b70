"""Tests of reviews and decisions."""
