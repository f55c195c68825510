"""Proof that a report is what it says: verified, and built again to the same bytes."""
