"""What notification decides: which notices and clues follow from an event, what they say, when to try again."""
