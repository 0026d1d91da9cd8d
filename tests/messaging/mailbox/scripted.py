"""Servers of a few lines, for what no proper one does: an IMAP server that follows a script, and a name server."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

Answer = Callable[[str, str], str | None]
"""A command's tag and text → what the server sends; None ends the connection."""


@contextmanager
def imap(answer: Answer) -> Iterator[int]:
    """An IMAP server on loopback for one connection; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_serve, args=(listening, answer), daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
        thread.join(timeout=10)


def _serve(listening: socket.socket, answer: Answer) -> None:
    connection, _ = listening.accept()
    with connection, contextlib.suppress(OSError), connection.makefile("rwb") as stream:
        stream.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] ready\r\n")
        stream.flush()
        while line := stream.readline():
            tag, _, command = line.decode().strip().partition(" ")
            said = answer(tag, command)
            if said is None:
                return
            stream.write(said.encode())
            stream.flush()


@contextmanager
def name_server(records: Mapping[str, bytes]) -> Iterator[int]:
    """A DNS server on loopback that knows these TXT records; its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_resolve, args=(listening, dict(records)), daemon=True)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stop:
                stop.sendto(b"", listening.getsockname())
            thread.join(timeout=10)


def _resolve(listening: socket.socket, records: Mapping[str, bytes]) -> None:
    while True:
        data, asker = listening.recvfrom(4096)
        if not data:
            return
        query = dns.message.from_wire(data)
        response = dns.message.make_response(query, recursion_available=True)
        name = query.question[0].name
        text = records.get(name.to_text(omit_final_dot=True))
        if text is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
        else:
            parts = [text[at : at + 200].decode() for at in range(0, len(text), 200)]  # a string holds 255 bytes
            quoted = " ".join(f'"{part}"' for part in parts)
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", quoted))
        listening.sendto(response.to_wire(), asker)
