"""An agent's program as the server sees one: the official client, over standard input and output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_types import ElicitRequestParams, ElicitResult

from tests.documents import ROOT


class Person:
    """Whoever sits at the agent's program: answers each question so, and remembers what they were asked."""

    def __init__(self, *, agrees: bool = True) -> None:
        self.agrees, self.asked = agrees, list[str]()

    async def answer(self, _context: Any, asked: ElicitRequestParams) -> ElicitResult:
        """What they press."""
        self.asked.append(asked.message)
        return ElicitResult(action="accept", content={"agreed": self.agrees})


@asynccontextmanager
async def asking(
    folder: Path, person: Person | None = None, environment: Mapping[str, str] | None = None, mode: str = "auto"
) -> AsyncIterator[Client]:
    """A client of `temoin mcp` in a folder with a temoin.toml; without a `person` it can ask nobody."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("TEMOIN_")}
    known |= {
        "PYTHONPATH": str(ROOT),
        "LANG": "en_GB.UTF-8",
        "XDG_DATA_HOME": str(folder / "data"),
        **(environment or {}),
    }
    server = StdioServerParameters(command=sys.executable, args=["-m", "automation", "mcp"], env=known, cwd=str(folder))
    with (folder / "stderr.txt").open("w", encoding="utf-8") as told:
        async with Client(
            stdio_client(server, errlog=told), mode=mode, elicitation_callback=person.answer if person else None
        ) as client:
            yield client


async def said(client: Client, tool: str, **arguments: Any) -> tuple[dict[str, Any], str]:
    """What a tool returns, and every byte of its answer as text; an error under the name `error`."""
    answer = await client.call_tool(tool, arguments)
    whole = answer.model_dump_json()
    if answer.is_error:
        return {"error": "".join(getattr(part, "text", "") for part in answer.content)}, whole
    found: dict[str, Any] = answer.structured_content or json.loads(getattr(answer.content[0], "text", "{}"))
    return found, whole
