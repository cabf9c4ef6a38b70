"""Help while a post is written: tags with their phrase, the question that matters, a preview."""
