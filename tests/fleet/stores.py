"""Stores to test: a folder, and S3 as moto's server plays it on loopback."""

from __future__ import annotations

import json
import logging
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import boto3
from moto.server import ThreadedMotoServer


@dataclass
class Bucket:
    """A bucket on a server that can be stopped."""

    server: ThreadedMotoServer
    port: int
    name: str = "evidence"

    @property
    def endpoint(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which S3's own libraries find it."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "secret-of-nobody",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def refuse(self) -> None:
        """Stop listening; what was stored is remembered."""
        self.server.stop()

    def admit(self) -> None:
        """Listen again, at the same place."""
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self.server.start()

    def objects(self) -> dict[str, bytes]:
        """Every object, by its key."""
        client = self._client()
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        keys = [one["Key"] for page in pages for one in page.get("Contents", ())]
        return {key: client.get_object(Bucket=self.name, Key=key)["Body"].read() for key in keys}

    def _client(self):  # noqa: ANN202 - boto3 makes its types at run time
        return boto3.client(
            "s3", endpoint_url=self.endpoint, region_name="us-east-1",
            aws_access_key_id="nobody", aws_secret_access_key="secret-of-nobody",
        )  # fmt: skip


@contextmanager
def a_bucket() -> Iterator[Bucket]:
    """A new server with an empty bucket."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    bucket = Bucket(server, port)
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"{bucket.endpoint}/moto-api/reset", method="POST")
        ) as reply:
            assert json.load(reply)["status"] == "ok"
        bucket._client().create_bucket(Bucket=bucket.name)
        yield bucket
    finally:
        bucket.refuse()
