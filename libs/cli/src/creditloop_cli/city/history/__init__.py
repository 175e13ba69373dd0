"""What happens to the entities: one module for each kind of fact."""
