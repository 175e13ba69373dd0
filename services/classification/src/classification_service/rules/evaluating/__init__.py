"""How well an order of visits finds what there is to find."""
