"""Charts as SVG text: no script, no font and no address, so that they print and work offline."""
