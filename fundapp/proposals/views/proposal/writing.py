"""Writing a proposal page by page."""
