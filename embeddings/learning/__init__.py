"""Fit the ranking on judged pairs, and measure it."""
