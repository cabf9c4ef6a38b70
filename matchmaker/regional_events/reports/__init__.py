"""Afterwards: survey, recordings, thanks, the report, retention, the coordinator's overview."""
