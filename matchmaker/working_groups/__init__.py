"""Working groups and what fills them: groups, meetings, calls, proposals, reviews."""
