"""What was handed in: versions, and two of them side by side."""
