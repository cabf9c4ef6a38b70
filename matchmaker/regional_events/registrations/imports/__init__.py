"""Lists of guests from files: checked, shown, and registered by the worker through the seats."""
