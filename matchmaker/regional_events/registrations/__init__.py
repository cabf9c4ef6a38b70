"""Who comes: seats, waiting list, waves, and the pages of those who register."""
