"""The derived values, the checks and the validation of a record."""
