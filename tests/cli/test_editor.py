"""A real language server, where there is one on the machine, completes and complains as docs/editor.md says."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from eco_rules.reporting.schema import editor_settings
from tests.conftest import ROOT
from tests.unit.test_schema import RULE

SERVER = shutil.which("yaml-language-server")
pytestmark = pytest.mark.skipif(SERVER is None, reason="yaml-language-server is not installed")


class Editor:
    """The little of the language server protocol that completion and diagnostics need."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._calls = 0
        self._said: dict[str, Any] = {}
        bound = {(ROOT / name).as_uri(): pattern for name, pattern in editor_settings("schema")["yaml.schemas"].items()}
        self._settings = {"schemas": bound, "validate": True, "completion": True}
        capabilities = {"workspace": {"configuration": True}, "textDocument": {"publishDiagnostics": {}}}
        self.ask("initialize", {"processId": None, "rootUri": ROOT.as_uri(), "capabilities": capabilities})
        self._send({"method": "initialized", "params": {}})

    def ask(self, method: str, params: Any) -> Any:
        self._calls += 1
        self._send({"id": self._calls, "method": method, "params": params})
        while True:
            answer = self._read()
            if answer.get("id") == self._calls and "method" not in answer:
                return answer["result"]

    def open(self, name: str, text: str) -> str:
        uri = (ROOT / name).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        return uri

    def complaints(self, name: str, text: str) -> list[tuple[int, str]]:
        uri = self.open(name, text)
        while uri not in self._said:
            self._read()
        return [(item["range"]["start"]["line"] + 1, item["message"]) for item in self._said[uri]]

    def offers(self, name: str, text: str) -> dict[str, Any]:
        """What is offered at `|`, with the words beside it."""
        before, after = text.split("|")
        uri = self.open(name, before + after)
        position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        found = self.ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": position})
        return {item["label"].strip('"'): str(item.get("documentation")) for item in found["items"]}

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        stream = self._process.stdout
        assert stream is not None
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        message: dict[str, Any] = json.loads(stream.read(length))
        if message.get("method") == "workspace/configuration":
            asked = message["params"]["items"]
            settings = [self._settings if item.get("section") == "yaml" else {} for item in asked]
            self._send({"id": message["id"], "result": settings})
        elif message.get("method") == "textDocument/publishDiagnostics":
            self._said[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})
        return message


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    with subprocess.Popen([str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        found = Editor(process)
        found.complaints("rulesets/cn-44/minor-violation/2090-01-01.yaml", RULE)  # the schema is read once
        yield found
        process.terminate()


@pytest.mark.parametrize(
    ("old", "new", "offered"),
    [
        ("{exceedance_ratio: {lt: 0.1}, harm: minor}", "\n      all:\n        - exc|", "exceedance_ratio"),
        ("{exceedance_ratio: {lt: 0.1}, harm: minor}", "\n      exceedance_ratio:\n        |", "lt"),
        ("{exceedance_ratio: {lt: 0.1}, harm: minor}", "\n      harm: |", "minor"),
        ("cites: [gd-2021-7#annex2-6]", "cites:\n      - |", "gd-2021-7#annex2-6"),
        ("{outcome: no_penalty, modality: may}", "\n      outcome: |", "no_penalty"),
        ('jurisdiction: "44"', "jurisdiction: |", "3607"),
    ],
)
def test_it_completes(editor: Editor, old: str, new: str, offered: str) -> None:
    name = f"rulesets/cn-44/minor-violation/2091-01-{len(new) % 28 + 1:02}.yaml"
    assert offered in editor.offers(name, RULE.replace(old, new))


def test_it_complains_where_the_slip_is(editor: Editor) -> None:
    slips = (
        RULE.replace("exceedance", "exceedence").replace("no_penalty", "no_penalti").replace("annex2-6", "annex2-66")
    )
    found = editor.complaints("rulesets/cn-44/minor-violation/2092-01-01.yaml", slips)
    assert [line for line, _ in found] == [11, 12, 13]
