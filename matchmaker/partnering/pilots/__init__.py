"""Pilots (実証): milestones, indicators, reports, outcome."""
