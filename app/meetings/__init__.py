"""A school looks at its own work: figures of cases flow in, decisions and supervision flow out."""
