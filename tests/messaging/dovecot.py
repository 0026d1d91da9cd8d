"""A private Dovecot on loopback: its own configuration, users, mail and logs, in a folder that goes away with it."""

from __future__ import annotations

import datetime
import ipaddress
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "pass word-of-nobody"
PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/opt/dovecot/sbin")
_STARTS_IN_S = 15.0
_CONFIG = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
auth_mechanisms = plain login
auth_allow_cleartext = yes
auth_failure_delay = 0
ssl = yes
ssl_server_cert_file = {folder}/certificate.pem
ssl_server_key_file = {folder}/key.pem
mail_driver = maildir
mail_path = {folder}/mail/%{{user | username}}
rawlog_dir = {folder}/rawlog
passdb static {{
  password = {{PLAIN}}{password}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/mail
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def program() -> str | None:
    """Where Dovecot is; None where it is not installed, or older than the configuration above."""
    found = shutil.which("dovecot", path=os.pathsep.join((os.environ.get("PATH", ""), *PLACES)))
    if found is None:
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    return found if version >= (2, 4) else None


@dataclass(frozen=True)
class Dovecot:
    """A running server. Every user name is let in with `PASSWORD`."""

    folder: Path
    plain_port: int
    tls_port: int
    owner: tuple[int, int]

    @property
    def certificate(self) -> Path:
        """The server's own certificate, for whoever is to trust it."""
        return self.folder / "certificate.pem"

    def deliver(self, user: str, messages: Iterable[bytes], *, folder: str = "", seen: bool = False) -> None:
        """Put messages into a user's Maildir, as a delivery agent does."""
        box = self.folder / "mail" / user / (f".{folder}" if folder else "")
        for part in ("cur", "new", "tmp"):
            (box / part).mkdir(parents=True, exist_ok=True)
        for number, message in enumerate(messages):
            name = f"{time.time_ns()}.M{number}.localhost"
            (box / ("cur" if seen else "new") / (f"{name}:2,FS" if seen else name)).write_bytes(message)
        for path in (self.folder / "mail" / user, *(self.folder / "mail" / user).rglob("*")):
            os.chown(path, *self.owner)

    def messages(self, user: str) -> dict[str, tuple[bytes, int]]:
        """Every message file, which carries its flags in its name → its bytes, and when it was last written."""
        box = self.folder / "mail" / user
        files = [path for part in ("cur", "new", "tmp") for path in box.rglob(f"{part}/*")]
        return {str(path.relative_to(box)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    def commands(self) -> list[str]:
        """What clients said after they had signed in, as Dovecot itself logged it."""
        logs = sorted((self.folder / "rawlog").glob("*.in"))
        lines = [line for path in logs for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
        return [line.split(" ", 2)[2] for line in lines]  # a moment, a tag, the command

    def forget_commands(self) -> None:
        """Begin a new log of commands."""
        for path in (self.folder / "rawlog").iterdir():
            path.unlink()


@contextmanager
def running() -> Iterator[Dovecot]:
    """A server that is ready, and stopped at the end."""
    found = program()
    assert found is not None
    folder = Path(tempfile.mkdtemp(prefix="dc"))  # short: the names of its sockets may have 100 characters
    root = os.geteuid() == 0
    me = pwd.getpwuid(os.geteuid())
    mail = pwd.getpwnam("nobody") if root else me
    plain_port, tls_port = _free_port(), _free_port()
    for name in ("run", "state", "mail", "rawlog"):
        (folder / name).mkdir()
    for name in ("mail", "rawlog"):
        os.chown(folder / name, mail.pw_uid, mail.pw_gid)
    folder.chmod(0o755)
    _certificate(folder)
    (folder / "dovecot.conf").write_text(
        _CONFIG.format(
            folder=folder, plain_port=plain_port, tls_port=tls_port, password=PASSWORD,
            internal="dovecot" if root else me.pw_name, internal_group="dovecot" if root else _group(me.pw_gid),
            login="dovenull" if root else me.pw_name, uid=mail.pw_uid, gid=mail.pw_gid,
        )
    )  # fmt: skip
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen([found, "-F", "-c", str(folder / "dovecot.conf")], stdout=out, stderr=out)
    try:
        _wait(process, plain_port, folder)
        yield Dovecot(folder, plain_port, tls_port, (mail.pw_uid, mail.pw_gid))
    finally:
        process.terminate()
        process.wait(timeout=10)
        shutil.rmtree(folder)


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + _STARTS_IN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                if connection.recv(100).startswith(b"* OK"):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    said = "\n".join(path.read_text() for path in (folder / "out", folder / "log") if path.exists())
    raise AssertionError(f"Dovecot did not start:\n{said}")


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server for tests")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
