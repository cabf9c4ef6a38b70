"""Matching tables: who meets whom in which slot, and what came of it."""
