"""Building again what depends on a changed file, in one warm process."""
