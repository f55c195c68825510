"""What may stand in a text: its structure, the grammar of formulas, the words of a report."""
