"""What group reports say and may say; pure."""
