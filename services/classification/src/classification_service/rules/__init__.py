"""Pure decisions: reading a model, scoring, judging, explaining, and the rates of the review."""
