"""Questions and opinions from the floor and from the stream."""
