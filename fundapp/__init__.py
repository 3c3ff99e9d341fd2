"""The system that a United Nations voluntary fund runs on."""
