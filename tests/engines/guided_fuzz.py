"""One reader fed with bytes that a coverage-guided search makes of a sample: `python -m tests.engines.guided_fuzz`.

Arguments: the reader's name in test_reading_fuzz, a folder for what breaks it, and options of libFuzzer. What is
neither read nor refused with a sentence ends the search; its bytes lie in the folder, to be kept in samples/broken.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bihuan.engines.reading"]):
    from tests.engines.test_reading_fuzz import READERS, check


def main() -> None:
    name, folder, *options = sys.argv[1:]
    read, sample = READERS[name]
    seeds = Path(folder) / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    (seeds / "sample").write_bytes(sample)
    given = [sys.argv[0], f"-artifact_prefix={folder}/", "-timeout=60", "-rss_limit_mb=2048", *options, str(seeds)]
    atheris.Setup(given, lambda content: check(read, content))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
