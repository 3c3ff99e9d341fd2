"""What people write of calls and of proposals."""
