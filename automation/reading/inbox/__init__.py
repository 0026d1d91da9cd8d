"""An inbox and the replies in it."""
