"""Asking a time server (SNTP, RFC 4330): one packet, one answer."""

from __future__ import annotations

import asyncio
import struct
import time

from automation.core.records import ClockReading

_PORT = 123
_TIMEOUT_S = 2.0
_SINCE_1900_S = 2_208_988_800
_CLIENT = 0b00_100_011
"""No leap warning, version 4, client."""
_SERVER_MODE = 4
_PACKET = struct.Struct(">BBbb11I")


async def ask_time(server: str, port: int = _PORT, *, timeout_s: float = _TIMEOUT_S) -> ClockReading:
    """This machine's clock against a time server's; where none answers, a reading that says so."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[tuple[bytes, float]] = loop.create_future()
    try:
        async with asyncio.timeout(timeout_s):
            transport, _ = await loop.create_datagram_endpoint(lambda: _Asked(answered), remote_addr=(server, port))
            try:
                sent = time.time()
                question = _stamp(sent)
                transport.sendto(_PACKET.pack(_CLIENT, *([0] * 12), *question))
                data, received = await answered
            finally:
                transport.close()
    except (OSError, TimeoutError):
        return ClockReading("sntp", server, problem="no answer")
    return _reading(server, data, question, sent, received)


class _Asked(asyncio.DatagramProtocol):
    def __init__(self, answered: asyncio.Future[tuple[bytes, float]]) -> None:
        self._answered = answered

    def datagram_received(self, data: bytes, addr: object) -> None:
        del addr
        if not self._answered.done():
            self._answered.set_result((data, time.time()))

    def error_received(self, exc: Exception) -> None:
        if not self._answered.done():
            self._answered.set_exception(exc)


def _reading(server: str, data: bytes, question: tuple[int, int], sent: float, received: float) -> ClockReading:
    if len(data) < _PACKET.size:
        return ClockReading("sntp", server, problem="an answer that is none")
    flags, stratum, _, _, *words = _PACKET.unpack(data[: _PACKET.size])
    # words: delay, dispersion, reference id, then four stamps of two words: reference, originate, receive, transmit
    if flags & 0b111 != _SERVER_MODE or not 0 < stratum < 16 or (words[5], words[6]) != question:
        return ClockReading("sntp", server, problem="an answer that is none")
    theirs_in, theirs_out = _seconds(words[7], words[8]), _seconds(words[9], words[10])
    trip = max(0.0, (received - sent) - (theirs_out - theirs_in))
    offset = ((theirs_in - sent) + (theirs_out - received)) / 2
    return ClockReading(
        "sntp",
        server,
        offset_s=round(offset, 4),
        round_trip_s=round(trip, 4),
        precision_s=round(trip / 2, 4),
    )


def _stamp(moment: float) -> tuple[int, int]:
    whole = int(moment)
    return (whole + _SINCE_1900_S) & 0xFFFFFFFF, int((moment - whole) * 2**32)


def _seconds(whole: int, part: int) -> float:
    # Seconds start anew in 2036; what looks like 1968 or earlier belongs to the new count (RFC 4330, section 3).
    era = 0 if whole & 0x80000000 else 2**32
    return whole + era - _SINCE_1900_S + part / 2**32
