"""Tests of tracks with their seats and waves."""
