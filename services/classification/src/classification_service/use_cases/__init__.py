"""What the service does, one async function each: load, decide, save, publish."""
