"""Sites, classes, students, guardians, consent, staff and duty: rosters flow in, people flow out."""
