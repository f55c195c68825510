"""What a record says when it is looked at whole: derived values, checks, validation."""
