"""What everything stands on: errors, settings, paths, the cache, files of others, processes."""
