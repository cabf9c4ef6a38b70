"""Consortia (座組): partners with roles, versions, documents for approval."""
