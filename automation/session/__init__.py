"""
The session phase: how an account comes to be signed in.

`PasswordSignIn` types in what a test account signs in with, once. `Attended` opens a window and lets the person do it,
or lets them solve what the service asks for. What the service asks beyond that ends here, with the reason and a
picture. Nothing is solved, accepted or tried again by the program.
"""

from automation.session.attended import Attended, close
from automation.session.page import SignInStopped, Trouble
from automation.session.password import Credentials, PasswordSignIn
from automation.session.person import News, SignedIn, Waiting, Whose
from automation.session.phase import SIGN_IN, Means, SessionPhase
from automation.session.signing_browser import SIGN_IN_ELSEWHERE, require_screen

__all__ = [
    "SIGN_IN",
    "SIGN_IN_ELSEWHERE",
    "Attended",
    "Credentials",
    "Means",
    "News",
    "PasswordSignIn",
    "SessionPhase",
    "SignInStopped",
    "SignedIn",
    "Trouble",
    "Waiting",
    "Whose",
    "close",
    "require_screen",
]
