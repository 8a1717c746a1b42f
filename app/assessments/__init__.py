"""A student's sitting: invitations flow in, answered items flow out, critical ones at once."""
