"""The test part of the corpus is frozen: `frozen.txt` holds the SHA-256 of each of its documents.

`python -m tests.corpus.freezing` writes it; whoever changes a frozen document changes this file too, and says why.
"""

import hashlib
from pathlib import Path

from tests.corpus.marks import FOLDER, documents

FROZEN = Path(__file__).parent / "frozen.txt"


def hashes() -> str:
    """One line for each document of the test part: hash and name."""
    names = [f"{found.name}.txt" for found in documents("test")]
    return "".join(f"{hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()}  {name}\n" for name in names)


if __name__ == "__main__":
    FROZEN.write_text(hashes(), encoding="utf-8")
