"""Pure decisions: pools, strata and draws, teams, results."""
