"""Runs classification's evaluation of learning, and shows what came of it."""
