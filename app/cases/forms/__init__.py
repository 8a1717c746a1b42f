"""Shape and messages of what people fill in, one module a noun."""
