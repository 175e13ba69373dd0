"""From rows of a file to CloudEvents: is a mapping right, what do cells say, which column is probably what."""
