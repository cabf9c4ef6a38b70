"""``flask bench registrations``: many people register at once, and what came of it is checked."""
