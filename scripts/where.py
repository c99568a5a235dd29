"""Lists the files of one noun over all layers, for `make where NOUN=findings`; needs no setup."""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("bihuan", "tests", "docs", "bench")
PASSED_OVER = {"__pycache__", "vendor", "node_modules"}


def files_of(noun: str, root: Path = ROOT) -> list[Path]:
    """Files named after the noun, and everything in a folder of that name."""
    found = (path for place in PLACES for path in _files(root / place) if _is_of(noun, path.relative_to(root)))
    return sorted(path.relative_to(root) for path in found)


def nouns(root: Path = ROOT) -> list[str]:
    """Names that stand in more than one layer, for the answer to an unknown noun."""
    layers: dict[str, set[str]] = {}
    for path in _files(root / "bihuan"):
        parts = path.relative_to(root / "bihuan").with_suffix("").parts
        if len(parts) > 1 and path.suffix == ".py" and not parts[-1].startswith("_"):
            layers.setdefault(parts[-1], set()).add(parts[0])
    return sorted(noun for noun, within in layers.items() if len(within) > 1)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not PASSED_OVER.intersection(path.parts):
            yield path


def _is_of(noun: str, path: Path) -> bool:
    stem = path.stem.removeprefix("test_").lstrip("_")
    return stem == noun or noun in path.parent.parts


def main() -> int:
    noun = sys.argv[1] if len(sys.argv) > 1 else ""
    found = files_of(noun) if noun else []
    for path in found:
        print(path)
    if not found:
        said = f"no file is named {noun}" if noun else "which noun? make where NOUN=findings"
        print(f"where: {said}; nouns with files in more than one layer: {' '.join(nouns())}", file=sys.stderr)
    return 0 if found else 2


if __name__ == "__main__":
    sys.exit(main())
