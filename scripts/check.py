"""The checks that read the code without running it, for `make check`: all of them run, each failure says what to do.

Not here: the tests, which `make check` runs afterwards.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

CHECKS: tuple[tuple[str, list[str], str], ...] = (
    ("format", ["ruff", "format", "--check", "."], "Run `make fix`."),
    ("lint", ["ruff", "check", "."], "Run `make fix`; mend by hand what is left."),
    ("types", ["mypy"], "Give the types named above; rules, engines, queries and actions are strict."),
    (
        "contracts",
        ["lint-imports", "--no-cache", "--no-logo"],
        "Move the import as the contract above says; docs/architecture.md.",
    ),
    ("templates", ["djlint", "--lint", "--quiet", "bihuan/web/templates"], "Mend the templates named above."),
)


def main() -> int:
    failed = [name for name, command, remedy in CHECKS if not _holds(name, command, remedy)]
    if failed:
        print(f"check: {', '.join(failed)} failed; the tests were not run", file=sys.stderr)
    return 1 if failed else 0


def _holds(name: str, command: list[str], remedy: str) -> bool:
    began = time.monotonic()
    run = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    took = time.monotonic() - began
    if run.returncode == 0:
        print(f"check: {name:<10} holds  {took:5.1f} s", flush=True)
        return True
    print(f"check: {name:<10} FAILS  {took:5.1f} s\n{run.stdout.strip()}\ncheck: {name}: {remedy}\n", flush=True)
    return False


if __name__ == "__main__":
    sys.exit(main())
