"""Tests of the matching tables."""
