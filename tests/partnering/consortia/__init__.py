"""Consortia: founding, partners, content, answering calls."""
