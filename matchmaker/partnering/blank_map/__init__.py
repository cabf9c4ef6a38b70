"""The blank map (空白地図): unmet needs against free capacity."""
