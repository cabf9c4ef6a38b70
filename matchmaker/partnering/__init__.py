"""From a recommendation to a running pilot, and the record of how it came about."""
