"""What teachers and trained student observers notice flows in, in ticks; reports flow out."""
