"""What a proxy makes of an application's answers on their way to the browser: a script more, or a redirect instead."""

from __future__ import annotations

from dataclasses import dataclass, replace

WORKER = "/worker-of-the-page.js"
_HEAD = b"<head>"


@dataclass(frozen=True)
class Answer:
    """What the application said."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    """Names in small letters."""
    content: bytes

    @property
    def is_page(self) -> bool:
        """Whether it is a document of HTML."""
        return any(name == b"content-type" and value.startswith(b"text/html") for name, value in self.headers)


@dataclass(frozen=True)
class Turning:
    """Against the person; as it comes it changes nothing."""

    script: str = ""
    """Runs at the head of each page, before the application's own scripts."""
    worker: str = ""
    """Stands at `WORKER`, as a script of the service's."""
    redirect: int = 0
    """The status by which the answer to a write is exchanged, once the application has done it; 0: it is left."""
    target: str = ""
    """Where that leads."""

    def turned(self, path: str, answer: Answer, *, is_write: bool) -> Answer:
        """What the browser gets."""
        if is_write and self.redirect:
            return Answer(self.redirect, ((b"location", self.target.encode()),), b"")
        if self.worker and path == WORKER:
            return Answer(200, ((b"content-type", b"text/javascript"),), self.worker.encode())
        if self.script and answer.is_page:
            script = _HEAD + f"<script>{self.script}</script>".encode()
            return replace(answer, content=answer.content.replace(_HEAD, script, 1))
        return answer
