"""Sites, classes, students, consent, staff and duty: rosters flow in, people flow out."""
