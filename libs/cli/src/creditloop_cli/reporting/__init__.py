"""What a registry's file is worth: its codes, fields, industries and clusters, each figure with its definition."""
