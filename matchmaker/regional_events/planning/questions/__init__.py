"""What the registration form of an event asks, and which themes people want beforehand."""
