"""What is known of a service as a correspondent: its name, its domains, its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, ValidationError

from automation.core.errors import FlowError
from automation.core.mail import SenderTrust
from automation.flow.site import Site
from automation.text.broken_rules import rule_of
from automation.text.labels import Labels
from automation.text.normalizing import fold
from automation.text.page_words import PageWords


class _MailTable(BaseModel):
    """`[mail]` in a service's `site.toml`."""

    model_config = ConfigDict(extra="forbid")
    senders: tuple[str, ...] = ()
    """Domains from which the service is known to write."""


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A service that may write."""

    id: str
    """The folder in `flows/`."""
    name: str
    """As a person writes it."""
    hosts: tuple[str, ...]
    """Patterns of its web hosts."""
    senders: tuple[str, ...]
    """Domains from which it is known to write; their subdomains count too."""
    labels: Labels

    @classmethod
    def of(cls, site: Site, labels: Labels, senders: Iterable[str] = ()) -> Correspondent:
        """
        A service from its files.

        Args:
            site: its `site.toml`, with an optional table `[mail]`.
            labels: the words of the flow whose answers are looked for.
            senders: domains that the user's configuration adds.

        Raises:
            FlowError: the table `[mail]` is wrong.
        """
        try:
            table = _MailTable.model_validate(site.tables.get("mail", {}))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, ("mail", *first["loc"])))
            raise FlowError(f"site.toml of {site.id}: {place}: {rule_of(first)}", "Correct that key.") from None
        known = tuple(dict.fromkeys(domain.lower() for domain in (*table.senders, *senders)))
        return cls(site.id, site.name, site.hosts, known, labels)

    def words(self, locale: str = "") -> PageWords:
        """Its words in the language of a message; without one, what it leaves untranslated everywhere."""
        return PageWords.of(self.labels, locale)

    def standing(self, domain: str) -> SenderTrust:
        """What is known of a sender's domain."""
        if any(domain == known or domain.endswith(f".{known}") for known in self.senders):
            return SenderTrust.DECLARED
        if any(fnmatchcase(domain, pattern) for pattern in self.hosts):
            return SenderTrust.OWN_HOST
        return SenderTrust.RESEMBLING if self._resembles(domain) else SenderTrust.UNKNOWN

    def names_itself(self, text: str) -> bool:
        """Whether a text holds the service's name as a word."""
        return f" {fold(self.name)} " in f" {_words_only(text)} "

    def _resembles(self, domain: str) -> bool:
        """Whether a domain holds the service's name or a spelling that looks like it; a short one only as a part."""
        name, seen = _skeleton(self.id), _skeleton(domain)
        return name in (seen if len(self.id) >= _LONG_NAME else seen.split("."))


_LONG_NAME = 5
_LOOKS_LIKE = str.maketrans(
    {
        "0": "o", "1": "i", "3": "e", "5": "s", "l": "i", "ı": "i", "ɑ": "a", "ο": "o",
        "а": "a", "е": "e", "о": "o", "с": "c", "к": "k", "і": "i", "ѕ": "s", "т": "t", "г": "r", "м": "m",
        "-": "", "_": "",
    }
)  # fmt: skip
"""What is put in place of Latin letters to imitate a name; enough to warn, nothing is decided by it."""


def _skeleton(domain: str) -> str:
    try:
        readable = domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    except UnicodeError:
        readable = domain
    return readable.casefold().translate(_LOOKS_LIKE).replace("rn", "m")


def _words_only(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
