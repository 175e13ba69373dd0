"""The city as one set: read in stretches, judged anew, kept in blocks and in files."""
