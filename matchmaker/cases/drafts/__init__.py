"""Drafts of documented cases: written by those who were there, checked by the secretariat."""
