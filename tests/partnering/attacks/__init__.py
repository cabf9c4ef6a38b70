"""Attacks on introductions, coalitions, consortia and pilots, over HTTP with sign-ins."""
