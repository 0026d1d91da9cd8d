"""Forms: their fields, and whether one is the objection form."""
