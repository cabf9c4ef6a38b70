"""What comes after an event."""
