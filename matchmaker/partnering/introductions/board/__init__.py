"""The secretariat's board of introductions, corrections, funnel."""
