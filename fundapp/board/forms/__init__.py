"""What people write of the Board."""
