"""Runs the measurements of bench/ one after another, for `make bench`; a name as argument runs that one alone."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    known = sorted(path.stem for path in (ROOT / "bench").glob("*.py") if not path.stem.startswith("_"))
    wanted, options = (sys.argv[1:2], sys.argv[2:]) if sys.argv[1:] else (known, [])
    if not known or not set(wanted) <= set(known):
        print(f"bench: there is {', '.join(known) or 'nothing to measure yet'}", file=sys.stderr)
        return 2
    failed = [name for name in wanted if _measure(name, options)]
    if failed:
        print(f"bench: {', '.join(failed)} did not finish or missed the target", file=sys.stderr)
    return 1 if failed else 0


def _measure(name: str, options: list[str]) -> int:
    print(f"bench: {name}", file=sys.stderr, flush=True)
    return subprocess.run([sys.executable, "-m", f"bench.{name}", *options], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
