"""Attacks on calls, proposals, reviews, groups, meetings, surveys: over HTTP, with real sign-ins."""
