"""One async function per thing the service does: load, decide, save, publish. None commits."""
