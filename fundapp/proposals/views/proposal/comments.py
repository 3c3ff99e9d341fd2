"""What colleagues of an office say to each other about a proposal."""
