"""Words of the queue, cases and referrals, and which step may follow which; one module a noun."""
