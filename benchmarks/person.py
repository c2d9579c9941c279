"""One person at a page, as a browser is one: over Streamlit's websocket, without drawing anything.

A browser keeps pieces that it was sent before; a person here is sent everything anew each time.
"""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.sites import Site

LISTENER = "citysigns_links"  # the part that hears clicks (pages/parts/links.py)
LIMIT = 120.0  # seconds for a connection, and for a run
LINK = re.compile(r'data-go="([^"]*)"')
FAULT = 'class="oops"'  # what the product shows instead of an exception (pages/parts/faces.py)


@dataclass(frozen=True)
class Run:
    """A finished run: its seconds, the elements and bytes that came, what went wrong, and the links that one may click next."""

    seconds: float
    elements: int
    size: int
    faults: tuple[str, ...]
    links: tuple[str, ...]


class Person:
    """One session. Each method sends one message and waits for the end of the run that it starts."""

    def __init__(self, wire: ClientConnection, site: Site, since: float) -> None:
        """Keep the connection; `since` is when it was asked for, by the performance counter."""
        self.wire, self.site, self.since = wire, site, since
        self.page, self.listener = "", ""

    async def arrive(self, page: str = "", query: str = "") -> Run:
        """Ask for a page as its address does; the seconds count from the connection on."""
        return await self._run(self._asked(page, query), self.since)

    async def turn_to(self, page: str, query: str = "") -> Run:
        """Ask for a page in the same session, as the browser's way back does."""
        return await self._run(self._asked(page, query), time.perf_counter())

    async def click(self, target: str) -> Run:
        """Click a link of the page that is shown."""
        asked = self._asked()
        asked.rerun_script.page_script_hash = self.page
        widget = asked.rerun_script.widget_states.widgets.add()
        widget.id = f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{self.listener}__events"
        widget.json_trigger_value = json.dumps([{"event": "go", "value": target}])
        return await self._run(asked, time.perf_counter())

    def _asked(self, page: str = "", query: str = "") -> BackMsg:
        asked = BackMsg()
        asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
        asked.rerun_script.context_info.url = f"{self.site.address}/{page}"
        asked.rerun_script.context_info.color_scheme = "light"
        return asked

    async def _run(self, asked: BackMsg, since: float) -> Run:
        """Send and receive until a run has ended for good: a click ends one early and starts another.

        Raises ConnectionError where the connection ends before.
        """
        await self.wire.send(asked.SerializeToString())
        elements, size = 0, 0
        faults: list[str] = []
        links: list[str] = []
        async for payload in self.wire:
            told = ForwardMsg.FromString(payload)  # type: ignore[arg-type]
            size += len(payload)
            kind = told.WhichOneof("type")
            if kind == "navigation":
                self.page = told.navigation.page_script_hash
            elif kind == "page_not_found":
                faults.append(f"no page {told.page_not_found.page_name}")
            elif kind == "delta" and told.delta.HasField("new_element"):
                element, elements = told.delta.new_element, elements + 1
                match element.WhichOneof("type"):
                    case "exception":
                        faults.append(f"{element.exception.type}: {element.exception.message}")
                    case "html":
                        faults += ["the page of an error"] * (FAULT in element.html.body)
                        links += map(html.unescape, LINK.findall(element.html.body))
                    case "bidi_component" if LISTENER in element.bidi_component.component_name:
                        self.listener = element.bidi_component.id
            elif kind == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if told.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    faults.append("the script did not compile")
                return Run(time.perf_counter() - since, elements, size, tuple(faults), tuple(dict.fromkeys(links)))
        raise ConnectionError(f"{self.site.address} ended the connection before the script had finished")


@asynccontextmanager
async def person_at(site: Site) -> AsyncIterator[Person]:
    """Yield somebody who has just connected, as a browser connects."""
    since = time.perf_counter()
    address = f"ws://localhost:{site.port}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], origin=site.address, max_size=None, open_timeout=LIMIT) as wire:  # type: ignore[list-item, arg-type]
        yield Person(wire, site, since)
