"""The static site: a page for every report, made from the same content tree as its PDF."""
