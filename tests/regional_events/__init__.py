"""Tests of regional events and the general assembly."""
