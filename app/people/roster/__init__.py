"""A roster file, from bytes to a plan of what each row would change; no database, no request."""
