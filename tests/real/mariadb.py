"""A MariaDB of a test's own, as Debian's package brings it: in a temporary folder, listening on a socket alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real.applications import run

PROGRAM = Path("/usr/sbin/mariadbd")
_STARTS_IN_S = 30.0
_SMALL = ("--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--innodb-flush-log-at-trx-commit=0")


@contextmanager
def running(database: str) -> Iterator[Path]:
    """Run a database server with one empty database, open to its only user `root`; its socket."""
    with tempfile.TemporaryDirectory(prefix="mariadb-") as name:  # a socket's path has at most 107 characters
        folder = Path(name)
        common = ["--no-defaults", f"--datadir={folder / 'data'}", *_SMALL]
        if os.geteuid() == 0:
            common.append("--user=root")
        run(["mariadb-install-db", *common, "--auth-root-authentication-method=normal", "--skip-test-db"], {})
        start = folder / "start.sql"
        start.write_text(f"CREATE DATABASE IF NOT EXISTS {database} CHARACTER SET utf8mb4;\n")
        socket = folder / "socket"
        program = shutil.which("mariadbd", path=f"{os.environ['PATH']}:{PROGRAM.parent}")
        assert program is not None
        process = subprocess.Popen(
            [program, *common, f"--socket={socket}", "--skip-networking", f"--init-file={start}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            deadline = time.monotonic() + _STARTS_IN_S
            while not socket.exists():
                assert process.poll() is None, "mariadbd ended at once"
                assert time.monotonic() < deadline, "mariadbd does not listen"
                time.sleep(0.05)
            yield socket
        finally:
            process.terminate()
            process.wait(30)
