"""One module for each command: its options, what it calls, what it shows."""
