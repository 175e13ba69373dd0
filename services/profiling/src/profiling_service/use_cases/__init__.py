"""One async function for each thing the service does: load, decide, save, publish."""
