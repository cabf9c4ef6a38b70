"""Reviews of proposals and the decisions on them."""
