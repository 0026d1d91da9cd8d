"""
Ask real servers which program they run for an address, and keep the answers in `paths.json`.

A program of its own, not a test: `python -m tests.guard.oracle.record FOLDER` starts each server that is installed
(Debian: php-cli, nginx-light, php-fpm, apache2, libapache2-mod-php, puma, ruby-rack, tomcat10) on loopback, with its
configuration as its own documentation gives it, and sends every address of `addresses()` as it stands. Kept is what
reached the program that signs out.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
BESIDE: list[subprocess.Popen[bytes]] = []
"""What a server needs beside itself."""
STEPS = (
    "..", "%2e%2e", ".%2e", "%252e%252e", "%25252e%25252e", "..%00", "..%20", "..%09", "..%0a", "%20..", "..;", "..;a=1",
    "..%3ba=1", "%E2%80%8B..", "..%E2%80%8B", "%EF%BC%8E%EF%BC%8E", "%c0%ae%c0%ae", "%u002e%u002e", "..%2f", "..%5c",
    "..%252f", "..%255c", "x%2f..%2f..", "x%2f..%2f..%2f..%2f..", "%2f..", "%5c..", "...", "..%2e", "....", ". .", "..;/..",
)  # fmt: skip
"""A step up, by every disguise known from servers, and some that are none."""
WORDS = (
    "logout.php",
    "logout",
    "LOGOUT.php",
    "logout.jsp",
    "a/logout.php",
    "a/logout",
    "./logout.php",
    ";x/logout.php",
)
ENDS = ("", "/", "/x.css", "%20", "%00", ".", "%2ejs", ";x=1", "%3bx=1", "%3fx", "::$DATA", ",1", "%23x", "%252ephp")


def addresses() -> Iterator[str]:
    """Every address that is asked."""
    for word in WORDS:
        yield from (f"/{word}{end}" for end in ENDS)
        for step in STEPS:
            yield from (f"/{word}/{step}", f"/{word}/x/{step}/{step}", f"/{word}/{step}/index.php", f"/x/{step}/{word}")
        yield from (f"/x%2f{word}", f"/x%5c{word}", f"//{word}", f"/x//{word}", f"/%2f{word}", f"/x%2f..%2f{word}")


def ask(port: int, address: str) -> str:
    """What a server answers to an address, sent as it stands; empty where it refuses."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(f"GET {address} HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n".encode("latin-1"))
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer.partition(b"\r\n\r\n")[2].decode("latin-1")
    return ""


def document_root(folder: Path) -> Path:
    """Two programs, at two depths: one shows a page, the other signs out."""
    root = folder / "root"
    for place in (root, root / "a"):
        place.mkdir(parents=True, exist_ok=True)
        (place / "index.php").write_text("<?php echo 'a page';")
        (place / "logout.php").write_text("<?php echo 'SIGNED OUT';")
    return root


def php(folder: Path, port: int) -> list[str]:
    """PHP's own server."""
    return ["php", "-n", "-S", f"127.0.0.1:{port}", "-t", str(document_root(folder))]


def nginx(folder: Path, port: int) -> list[str]:
    """Nginx, with PHP behind FastCGI as its wiki describes it."""
    root, pool = document_root(folder), folder / "fpm.sock"
    manager = next(Path("/usr/sbin").glob("php-fpm*"))
    (folder / "fpm.conf").write_text(
        f"[global]\nerror_log={folder}/fpm.log\n[www]\nlisten={pool}\nlisten.mode=0666\nuser=nobody\ngroup=nogroup\n"
        "pm=static\npm.max_children=2\n"
    )
    BESIDE.append(subprocess.Popen([str(manager), "-F", "-R", "-y", str(folder / "fpm.conf")]))
    fastcgi = (
        "fastcgi_split_path_info ^(.+?\\.php)(/.*)$; include /etc/nginx/fastcgi_params; "
        "fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name; "
        f"fastcgi_param PATH_INFO $fastcgi_path_info; fastcgi_pass unix:{pool};"
    )
    (folder / "nginx.conf").write_text(
        f"pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}} http {{ access_log off; "
        f"server {{ listen 127.0.0.1:{port}; root {root}; location ~ [^/]\\.php(/|$) {{ {fastcgi} }} }} }}"
    )
    return ["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]


def apache(folder: Path, port: int) -> list[str]:
    """Apache with PHP inside; slashes in code are let through, as many applications ask for."""
    root = document_root(folder)
    modules = Path("/usr/lib/apache2/modules")
    library = next(modules.glob("libphp*.so"))
    names = {
        "mpm_prefork": "mpm_prefork_module",
        "authz_core": "authz_core_module",
        "dir": "dir_module",
        "mime": "mime_module",
    }
    loads = "\n".join(f"LoadModule {name} {modules}/mod_{file}.so" for file, name in names.items())
    (folder / "apache.conf").write_text(
        f"{loads}\nLoadModule php_module {library}\nServerName site.test\nListen 127.0.0.1:{port}\nPidFile {folder}/apache.pid\n"
        f"ErrorLog {folder}/apache.log\nTypesConfig /etc/mime.types\nDocumentRoot {root}\nUser nobody\nGroup nogroup\n"
        f"AllowEncodedSlashes On\nAcceptPathInfo On\n<Directory {root}>\nRequire all granted\n</Directory>\n"
        "<FilesMatch \\.php$>\nSetHandler application/x-httpd-php\n</FilesMatch>\n"
    )
    return ["apache2", "-X", "-f", str(folder / "apache.conf")]


def rack(folder: Path, port: int) -> list[str]:
    """Puma, and a router that decodes once and cleans the path, as Rack's helpers do."""
    (folder / "config.ru").write_text(
        "require 'rack/utils'\n"
        "run lambda { |env|\n"
        "  path = Rack::Utils.clean_path_info(Rack::Utils.unescape_path(env['PATH_INFO']))\n"
        "  raw = env['PATH_INFO'].split('/').reject(&:empty?)\n"
        "  out = [path.split('/').reject(&:empty?), raw].any? { |parts| parts[-1].to_s[/\\Alogout(\\.\\w+)?\\z/] ||\n"
        "    parts[0].to_s == 'logout' }\n"
        "  [200, {'content-type' => 'text/plain'}, [out ? 'SIGNED OUT' : 'a page']] }\n"
    )
    return ["puma", "-b", f"tcp://127.0.0.1:{port}", "-e", "production", str(folder / "config.ru")]


def tomcat(folder: Path, port: int) -> list[str]:
    """Tomcat, with files in place of programs; parameters of a path go before it is matched."""
    root = folder / "webapps" / "ROOT"
    for place in (root, root / "a"):
        place.mkdir(parents=True, exist_ok=True)
        (place / "index.php").write_text("a page")
        for name in ("logout.php", "logout"):
            (place / name).write_text("SIGNED OUT")
    (folder / "conf").mkdir(exist_ok=True)
    shutil.copy("/etc/tomcat10/web.xml", folder / "conf" / "web.xml")
    (folder / "conf" / "server.xml").write_text(
        f'<Server port="-1"><Service name="Catalina"><Connector port="{port}" address="127.0.0.1" '
        'encodedSolidusHandling="decode" relaxedPathChars="|"/><Engine name="Catalina" defaultHost="localhost">'
        '<Host name="localhost" appBase="webapps"/></Engine></Service></Server>'
    )
    jars = "/usr/share/tomcat10/bin/bootstrap.jar:/usr/share/tomcat10/bin/tomcat-juli.jar"
    return ["java", f"-Dcatalina.base={folder}", "-Dcatalina.home=/usr/share/tomcat10", "-cp", jars,
            "org.apache.catalina.startup.Bootstrap", "start"]  # fmt: skip


def main(folder: Path) -> None:
    """Ask each server, and write down what signs out there."""
    found: dict[str, list[str]] = {}
    for number, server in enumerate((php, nginx, apache, rack, tomcat)):
        place, port = folder / server.__name__, 18100 + number
        place.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(server(place, port), cwd=place)
        try:
            until = time.monotonic() + 30
            while not ask(port, "/") and time.monotonic() < until:
                time.sleep(0.2)
            found[server.__name__] = [address for address in addresses() if "SIGNED OUT" in ask(port, address)]
        finally:
            for one in (process, *BESIDE):
                one.terminate()
    (HERE / "paths.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
