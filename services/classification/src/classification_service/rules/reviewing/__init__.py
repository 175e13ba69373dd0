"""What inspections say about the model (结果回溯): pure figures, each with its source."""
