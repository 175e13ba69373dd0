"""Files on disk: received, read in a process of their own, and reported on."""
