"""How an entity is found by what people remember of it (主体检索)."""
