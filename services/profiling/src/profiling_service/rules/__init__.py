"""Pure decisions: what counts on a day, what the indicators are, what deserves a warning."""
