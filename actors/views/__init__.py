"""Pages about oneself: the way in, settings, and where one belongs."""
