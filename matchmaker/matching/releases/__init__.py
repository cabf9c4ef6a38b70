"""Versions of the ranking: trained, compared, promoted, rolled back; what its numbers are worth."""
