"""Attacks on calls, proposals, reviews, groups, meetings and surveys, over HTTP with sign-ins."""
