"""The day itself: check-in, walk-ins, badges, live counts."""
