"""Pages of the arena: each fetches what its reader may see, asks the rules, and shows."""
