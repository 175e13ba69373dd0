"""The creditloop command."""
