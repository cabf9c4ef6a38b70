"""Introductions: interest, answer, match; the shared page of a match."""
