"""Reports on their way to readers: deposits in a repository."""
