"""One entity's way through the loop, merged from what every service knows of it."""
