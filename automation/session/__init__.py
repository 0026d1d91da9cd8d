"""
The session phase: how an account comes to be signed in.

`PasswordSignIn` types in what a test account signs in with, once. `Attended` opens a window and lets the person do it,
or lets them solve what the service asks for. What the service asks beyond that ends here, with the reason and a
picture. Nothing is solved, accepted or tried again by the program.
"""
