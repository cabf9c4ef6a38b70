"""The shared page of a match: thread, files, agreed facts, next step, dates."""
