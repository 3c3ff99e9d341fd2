"""The application put together: layout, errors, home pages and the command line."""
