"""`temoin ui`: a local page over what the commands do, for people who use no terminal."""
