"""The memory: a lasting record of who did what, that anyone can check. It knows nobody."""
