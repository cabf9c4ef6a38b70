"""Tests of the lineage."""
