"""Who may do what, on one page: roles and permissions in, yes or 404 out."""
