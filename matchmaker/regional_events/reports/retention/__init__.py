"""Deleting the personal data of guests once it is not needed any more; counts stay."""
