"""Questions to a post that can be asked without a name."""
