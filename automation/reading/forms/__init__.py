"""Forms: what a form's page shows, whether it is the objection form, and what its text says of an earlier objection."""
