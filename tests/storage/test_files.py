"""Files that several write at the same time: whole ones, and for a key the first one's."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from automation.storage.files import write_whole


@pytest.mark.parametrize("first_wins", [True, False])
def test_threads_of_one_process_write_the_same_file(tmp_path: Path, *, first_wins: bool) -> None:
    """Each write ends well, the file holds one writer's bytes whole, and nothing is left beside it."""
    path, begin, failed = tmp_path / "identity.key", threading.Barrier(16), []

    def write(number: int) -> None:
        begin.wait()
        try:
            for _ in range(20):
                write_whole(path, bytes([number]) * 4096, shared=True, first_wins=first_wins)
        except Exception as error:  # noqa: BLE001 - a thread's own would be lost
            failed.append(error)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    data = path.read_bytes()
    assert len(data) == 4096
    assert len(set(data)) == 1
    assert list(tmp_path.iterdir()) == [path]
