"""Coalitions: towns that reach a minimum lot together; chains of businesses."""
