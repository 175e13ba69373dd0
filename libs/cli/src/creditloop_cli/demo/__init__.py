"""The demo: a fictional city goes once round the loop, and a newcomer is told what happened."""
