"""Lets atheris look for bytes that break a reader: `python -m tests.engines.fuzzing READER SECONDS FOLDER`.

What breaks it is left in FOLDER; keep it in tests/samples/broken under the ending of its format.
"""

import sys
from pathlib import Path


def main(name: str, seconds: str, folder: str) -> None:
    """Run until the time is over or something breaks."""
    import atheris

    with atheris.instrument_imports(include=["bihuan.engines.reading", "xlrd", "html.parser", "zipfile"]):
        from tests.engines.test_reading_fuzz import READERS, check

    read, sound = READERS[name]
    seeds = Path(folder) / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    (seeds / "sound").write_bytes(sound)
    options = [f"-max_total_time={seconds}", "-max_len=65536", "-timeout=20", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], str(seeds), *options, f"-artifact_prefix={folder}/"], lambda one: check(read, one))
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
