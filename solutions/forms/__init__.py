"""The shape of input: what is needed, how long it may be, and what to type instead."""
