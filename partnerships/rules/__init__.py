"""Who may do what, when: pure functions from a Place to an Answer. The action refuses, the view explains."""
