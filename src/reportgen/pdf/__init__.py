"""From LaTeX to the finished PDF: typesetting, tags and metadata, attachments, the check of the text."""
