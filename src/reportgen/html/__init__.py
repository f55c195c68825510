"""HTML: what is safe in it, and the content tree written as a page or as a part of one."""
