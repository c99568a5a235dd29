"""Where the command begins: language first, then the command, then every failure turned into a sentence and a code."""

import os
import sys
from collections.abc import Sequence

from bihuan import __version__
from bihuan.cli.words import DONE, LANGUAGES, NO, USAGE, show, speak, tell

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (0 done, 1 no, 2 usage, 3 unreadable, 4 no database)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    speak(_language_of(given))
    if given == ["--version"]:
        show(f"bihuan {__version__}")
        return DONE
    return _run(given)


def _run(given: list[str]) -> int:
    from typer.exceptions import Abort, TyperException

    from bihuan.cli.root import app

    try:
        answer = app(args=given, prog_name="bihuan", standalone_mode=False)
        return answer if isinstance(answer, int) else DONE
    except TyperException as error:
        from bihuan.cli.usage import sentence

        tell(sentence(error))
        return USAGE
    except (KeyboardInterrupt, Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has left; nothing more may be said, not even by the interpreter at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO
    except Exception as error:
        from bihuan.cli.failures import failed

        return failed(error)


def _language_of(given: list[str]) -> str:
    """The language asked for, before anything is parsed: help is worded while commands load."""
    for index, word in enumerate(given):
        if word == "--lang" and index + 1 < len(given):
            return given[index + 1]
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    asked = os.environ.get("BIHUAN_LANG", "")
    return asked if asked in LANGUAGES else "zh"


if __name__ == "__main__":
    sys.exit(main())
