"""Who may do what, when: pure functions from facts to an Answer. The action refuses, the view explains."""
