"""Figures of the whole product on a throw-away database."""
