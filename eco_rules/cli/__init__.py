"""The command line: one small file a command, no logic of its own."""

from __future__ import annotations

import gc
import os
import sys

from eco_rules.cli.app import app
from eco_rules.cli.console import complain_in_json, make_safe, wants_json


def main() -> None:
    """Entry point of `eco-rules`. Never shows a traceback unless ECO_RULES_DEBUG is set."""
    make_safe()
    gc.set_threshold(50_000)  # reading the rulesets makes much that stays and nothing to collect
    try:
        # Typer prints its own complaints as text; for JSON they come back to us as exceptions.
        done = app(prog_name="eco-rules", standalone_mode=not wants_json())
        sys.exit(done if isinstance(done, int) else 0)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("ECO_RULES_DEBUG"):
            raise
        sys.exit(_failed(error))


def _failed(error: Exception) -> int:
    """Say what went wrong outside every command; the exit code."""
    # Some versions of Typer carry Click inside, so its errors are told by what they can do, not by their class.
    message, code = getattr(error, "format_message", None), getattr(error, "exit_code", None)
    if message is not None and isinstance(code, int):
        complain_in_json(message())
        return code
    said = f"程序内部错误 / internal error: {type(error).__name__}: {error}"
    if wants_json():
        complain_in_json(said, "E900")
    else:
        sys.stderr.write(
            f"error[E900] {said}\n"
            "   = 设 ECO_RULES_DEBUG=1 可见详情 / set ECO_RULES_DEBUG=1 for details\n"
            "   = docs/diagnostics/E900.md\n"
        )
    return 1
