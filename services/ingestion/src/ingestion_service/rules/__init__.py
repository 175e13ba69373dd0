"""Pure decisions: is this a fact, is it usable, what is its sender told."""
