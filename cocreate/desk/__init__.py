"""The desk: what needs doing over all of a platform's partnerships, for those who lead them or keep their cases."""
