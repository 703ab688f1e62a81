"""Pages that need several apps: home, a partnership's overview and record, what waits for me, the demonstration."""
