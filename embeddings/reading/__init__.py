"""What a post says in words: a two-way vocabulary, and readings with the literal phrases."""
