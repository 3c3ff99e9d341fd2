"""Countries, goals, treaty bodies and currencies, with their sources."""
