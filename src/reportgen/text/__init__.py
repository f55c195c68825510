"""The content tree, Markdown, the grammar of formulas, the fixed words of a report."""
