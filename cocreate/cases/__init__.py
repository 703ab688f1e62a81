"""Real cases as input: a file of facts with sources becomes a partnership, and says what was added to make it run."""
