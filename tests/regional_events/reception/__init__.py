"""Tests of the reception of events."""
