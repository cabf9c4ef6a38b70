"""Tests of the seat engine."""
