"""From flag to follow-up: raised flags flow in, contacts, referrals and closed cases flow out."""
