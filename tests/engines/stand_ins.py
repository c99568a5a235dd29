"""A program that stands in for LibreOffice: it checks how it is called, notes what it was given, does as it is told."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = """#!{python} -I
import json, os, resource, shutil, subprocess, sys, time
from pathlib import Path

before, given, outdir = sys.argv[1:-5], Path(sys.argv[-1]), Path(sys.argv[-2])
profile = Path(next(one for one in before if one.startswith("-env:UserInstallation=file://"))[29:])
if sys.argv[-5:-2] != ["--convert-to", "docx:MS Word 2007 XML", "--outdir"] or "--headless" not in before:
    sys.exit(9)
Path({notes!r}).write_text(json.dumps({{
    "given": given.name, "content": given.read_bytes().hex(), "folder": str(given.parent), "profile": str(profile),
    "settings": (profile / "user" / "registrymodifications.xcu").read_text(), "around": dict(os.environ),
    "input": sys.stdin.read(), "pid": os.getpid(), "memory": resource.getrlimit(resource.RLIMIT_AS)[0],
}}))
sound, made = Path({sound!r}), outdir / "given.docx"
outdir.mkdir()
{deed}
"""
CONVERTS = "shutil.copy(sound, made)"


@dataclass(frozen=True)
class StandIn:
    """The stand-in in its folder, which is to be the PATH."""

    folder: Path

    def notes(self) -> dict[str, Any]:
        """What it was called with."""
        noted: dict[str, Any] = json.loads((self.folder / "notes.json").read_text())
        return noted

    @property
    def was_called(self) -> bool:
        """It was called at all."""
        return (self.folder / "notes.json").exists()


def stand_in(folder: Path, made: bytes, *, deed: str = CONVERTS, name: str = "soffice") -> StandIn:
    """A stand-in under this name; by its deed it hands out `made`, or something else."""
    sound, notes = folder / "sound.docx", folder / "notes.json"
    sound.write_bytes(made)
    program = folder / name
    program.write_text(PROGRAM.format(python=sys.executable, notes=str(notes), sound=str(sound), deed=deed), "utf-8")
    program.chmod(0o755)
    return StandIn(folder)
