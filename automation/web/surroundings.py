"""What of a desk is outside the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.app.login import Wish
    from automation.config import Settings
    from automation.flow import Flow
    from automation.reports.complaint import Complaint
    from automation.session import News
    from automation.session.newcomer import Newcomer
    from automation.text.language import Language


class DeskSurroundings:
    """What of a desk is outside the program: the window in which somebody signs in, and the printing of a letter."""

    async def signs_in(
        self, flow: Flow, settings: Settings, wish: Wish, words: Language, tell: Callable[[News], None], limit_s: float
    ) -> Newcomer:
        """
        Sign in, in the service's own window.

        Raises:
            CheckError: nobody was signed in; the message says why.
        """
        from automation.app.login import signed_in

        return await signed_in(flow, settings, wish, words, tell, limit_s)

    def has_module(self, name: str) -> bool:
        """Whether a module could be imported."""
        from automation.messaging.imap import is_installed

        return is_installed(name)

    def prints(self, letter: Complaint, settings: Settings) -> bytes:
        """
        Print a letter as a PDF.

        Raises: as `automation.app.cases.as_pdf`.
        """
        from automation.app.cases import as_pdf

        return as_pdf(letter, settings)
