"""The command line: one small file a command, no logic of its own."""

from __future__ import annotations

import os
import sys

from eco_rules.cli.app import app
from eco_rules.cli.console import make_safe


def main() -> None:
    """Entry point of `eco-rules`. Never shows a traceback unless ECO_RULES_DEBUG is set."""
    make_safe()
    try:
        app(prog_name="eco-rules")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("ECO_RULES_DEBUG"):
            raise
        sys.stderr.write(
            f"error[E900] 程序内部错误 / internal error: {type(error).__name__}: {error}\n"
            "   = 设 ECO_RULES_DEBUG=1 可见详情 / set ECO_RULES_DEBUG=1 for details\n"
            "   = docs/diagnostics/E900.md\n"
        )
        sys.exit(1)
