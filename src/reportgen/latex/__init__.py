"""Text as LaTeX: escaping, Markdown, fonts, hyphenation, tables, templates."""
