"""Ways of taking part in an event: rooms, streams and recordings with their seats and waves."""
