"""Tests of the secretariat's board."""
