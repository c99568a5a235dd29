"""Lets LibreOffice, where the machine has it, make a .docx of an old Word or WPS document; it is not read here.

It runs as a child in a folder of its own, with a profile that runs no macro and reaches no network, within limits.
"""

import os
import shutil
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bihuan.engines.reading.shapes import Unreadable

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 60
MAX_MEMORY = 3 * 2**30
MAX_WRITTEN = 200 * 2**20
MAX_MADE = 100 * 2**20
NOT_CONVERTED = "LibreOffice 打不开这个旧版文件，可能已经损坏。请用 Word 或 WPS 打开，另存为 .docx 后再试。"
_TOO_SLOW = "文件太复杂，没能在规定时间内转换完。请用 Word 或 WPS 打开，另存为 .docx 后再试。"
_TOO_LARGE = "文件转换后过大，不像正常的文档。请用 Word 或 WPS 打开，另存为 .docx 后再试。"

_PATH = "/usr/local/bin:/usr/bin:/bin"  # what the program's own script calls
_ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)
_SETTINGS = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def converter() -> str | None:
    """The program that converts, or None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None) if os.name == "posix" else None


def converted(content: bytes, *, ending: str, program: str) -> bytes:
    """What the program makes of the document; it may be anything. Raises Unreadable: damaged, too_large."""
    # The names are ours; nothing that a person typed comes to the command.
    with TemporaryDirectory(prefix="bihuan-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        given = folder / f"given{ending}"
        given.write_bytes(content)
        _write_profile(folder / "profile" / "user")
        _run(program, folder, given)
        return _made(folder / "made" / "given.docx")


def _write_profile(folder: Path) -> None:
    items = "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    folder.mkdir(parents=True)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    (folder / "registrymodifications.xcu").write_text(f"{head}{items}</oor:items>", "utf-8")


def _run(program: str, folder: Path, given: Path) -> None:
    profile = (folder / "profile").as_uri()
    command = [
        sys.executable, "-I", "-m", "bihuan.engines.reading.formats.converting", program, "--headless", "--norestore",
        "--nolockcheck", "--nodefault", "--nofirststartwizard", f"-env:UserInstallation={profile}",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "made"), str(given),
    ]  # fmt: skip
    around = {"PATH": f"{Path(program).parent}:{_PATH}", "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}
    quiet = subprocess.DEVNULL
    child = subprocess.Popen(
        command, cwd=folder, env=around, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        code = child.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_large", _TOO_SLOW) from error
    finally:
        # Its script starts others; they go with it, however it ended.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if code:
        raise Unreadable("damaged", NOT_CONVERTED)


def _made(path: Path) -> bytes:
    """The bytes of the file that was to be made, should it be a plain one of a fair size."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Unreadable("damaged", NOT_CONVERTED) from error
    try:
        about = os.fstat(opened)
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable("damaged", NOT_CONVERTED)
        if about.st_size > MAX_MADE:
            raise Unreadable("too_large", _TOO_LARGE)
        with os.fdopen(opened, "rb", closefd=False) as file:
            return file.read(MAX_MADE)
    finally:
        os.close(opened)


def main(program: str, *arguments: str) -> None:
    """Become the program, within limits that it and its children cannot leave."""
    import resource

    for what, most in (
        (resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, MAX_WRITTEN),
    ):  # fmt: skip
        with suppress(ValueError, OSError):
            allowed = resource.getrlimit(what)[1]
            least = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
            resource.setrlimit(what, (least, least))
    os.execv(program, [program, *arguments])  # noqa: S606 - an absolute path, no shell


if __name__ == "__main__":
    main(*sys.argv[1:])
