"""Who is shown how often: slots bounded by free capacity, a floor for small and new members."""
