"""Tests of what grows from a recommendation."""
