"""What every package may lean on: money, languages, time, faults, the door for change and its trail."""
