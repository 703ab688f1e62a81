"""Pages of solutions: each fetches what its reader may see, asks the rules, and shows."""
