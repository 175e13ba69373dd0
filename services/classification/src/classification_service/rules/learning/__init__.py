"""Learning from outcomes (结果回溯): history before each visit, a scorecard fitted beside strictness, a draft model."""
