"""Tests of planning events."""
