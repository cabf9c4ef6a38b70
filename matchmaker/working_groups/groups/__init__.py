"""Working groups: the tree, people, activity, documents, tasks, decisions."""
