"""Proposals: answers to a call that several organisations write together."""
