"""One control: which one it is, what it is called, in which section it stands, and its state."""
