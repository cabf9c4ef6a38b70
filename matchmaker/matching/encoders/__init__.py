"""Changing the encoder: all texts are embedded anew while the old vectors keep serving."""
