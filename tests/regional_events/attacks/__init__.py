"""Attacks on events: forged links and ids, hostile text, killed processes, clocks, many at once."""
