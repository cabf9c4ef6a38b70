"""Regional dialogue events and the general assembly, from the plan to the report."""
