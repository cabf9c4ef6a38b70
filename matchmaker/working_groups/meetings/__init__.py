"""Meetings of working groups, from planning to published minutes."""
