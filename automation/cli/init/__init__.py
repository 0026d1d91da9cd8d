"""`temoin init`: the first accounts, asked for in the terminal."""
