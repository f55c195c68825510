"""The ground floor: errors, settings, paths, the cache, files of others, processes."""
