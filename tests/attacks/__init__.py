"""What attacks on features share: forms as found, hostile texts, forgeries, a dying service."""
