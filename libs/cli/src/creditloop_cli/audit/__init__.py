"""The audit: are the books of all services the same, key by key, and was everything published also read?"""
