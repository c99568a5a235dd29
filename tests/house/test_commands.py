"""The commands of the Makefile and .ci/run: what they promise without installing anything."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house.source import ROOT, plant

TARGETS = ("setup", "demo", "test", "check", "fix", "bench", "long", "where", "lock")
APT_LINE = "sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium fonts-noto-cjk"
STAND_IN = "#!/bin/sh\ntrap 'echo stopped; exit 0' TERM INT\necho ready\nwhile :; do sleep 0.1; done\n"
NEEDED = ("sh", "mktemp", "rm", "tail", "grep")


# The suite itself runs below a make: its flags are not for the ones started here.
OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}


def make(*options: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *options], cwd=cwd, env=OUTSIDE, capture_output=True, text=True, check=False)


def test_make_alone_lists_the_targets() -> None:
    listed = [line.split()[0] for line in make().stdout.splitlines()]
    assert set(TARGETS) <= set(listed)


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_is_known(target: str) -> None:
    assert make("-n", target).returncode == 0


def test_where_lists_a_noun_over_the_layers(tmp_path: Path) -> None:
    there = ("bihuan/rules/findings.py", "bihuan/web/templates/findings/list.html", "tests/web/test_findings.py")
    plant(tmp_path, dict.fromkeys((*there, "bihuan/rules/plans.py"), ""))
    plant(
        tmp_path,
        {"Makefile": (ROOT / "Makefile").read_text(), "scripts/where.py": (ROOT / "scripts/where.py").read_text()},
    )
    assert make("where", "NOUN=findings", cwd=tmp_path).stdout.split() == list(there)


def test_where_says_which_nouns_there_are(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {"Makefile": (ROOT / "Makefile").read_text(), "scripts/where.py": (ROOT / "scripts/where.py").read_text()},
    )
    plant(tmp_path, {"bihuan/rules/plans.py": "", "bihuan/actions/plans.py": "", "bihuan/rules/lone.py": ""})
    answer = make("where", "NOUN=findngs", cwd=tmp_path)
    assert answer.returncode == 2
    assert "no file is named findngs" in answer.stderr
    assert "more than one layer: plans\n" in answer.stderr


def test_ci_runs_the_whole_check(tmp_path: Path) -> None:
    ci = ".ci/run"
    plant(tmp_path, {ci: (ROOT / ci).read_text(), "Makefile": "check:\n\t@echo checked\n"})
    (tmp_path / ci).chmod(0o755)
    passed = subprocess.run([tmp_path / ci], env=OUTSIDE, capture_output=True, text=True, check=False)
    assert (passed.returncode, passed.stdout.split("\n")[0]) == (0, "checked")
    plant(tmp_path, {"Makefile": "check:\n\t@exit 3\n"})
    failed = subprocess.run([tmp_path / ci], env=OUTSIDE, capture_output=True, text=True, check=False)
    assert failed.returncode == 2
    assert "failed with 2" in failed.stdout


@pytest.mark.parametrize("sent", ["TERM", "INT", "KILL"])
def test_the_demo_stops_with_the_make_that_runs_it(sent: str, tmp_path: Path) -> None:
    with _making_a_demo(tmp_path) as command:
        command.send_signal(getattr(signal, f"SIG{sent}"))
        said, _ = command.communicate(timeout=60)
        assert said.count(b"stopped\n") == 1


def test_a_demo_started_in_the_background_goes_on_until_its_make_dies(tmp_path: Path) -> None:
    with _making_a_demo(tmp_path, before=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) as command:
        with pytest.raises(subprocess.TimeoutExpired):
            command.communicate(timeout=1.5)
        command.send_signal(signal.SIGKILL)
        said, _ = command.communicate(timeout=60)
        assert said.count(b"stopped\n") == 1


def _hears_interrupts() -> None:
    """Whoever runs the tests in the background has them ignore interrupts, and what they start too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextlib.contextmanager
def _making_a_demo(folder: Path, before: Callable[[], object] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    recipe = next(line for line in (ROOT / "Makefile").read_text().splitlines() if "watch_make.sh" in line)
    watch = "scripts/watch_make.sh"
    plant(folder, {"Makefile": f"BIN := .\ndemo:\n{recipe}\n", watch: (ROOT / watch).read_text(), "bihuan": STAND_IN})
    (folder / "bihuan").chmod(0o755)
    command = subprocess.Popen(
        ["make", "demo"],
        cwd=folder,
        env=OUTSIDE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=before or _hears_interrupts,  # noqa: PLW1509 - no other thread runs here
    )
    assert command.stdout is not None
    try:
        assert command.stdout.readline() == b"ready\n"
        yield command
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(command.pid, signal.SIGKILL)
        command.communicate()


def _machine(folder: Path, *, uid: int) -> dict[str, str]:
    """A machine without Chromium and fonts, whose apt-get only writes down what it was asked."""
    folder.mkdir()
    for name in NEEDED:
        (folder / name).symlink_to(f"/bin/{name}")
    scripts = {"id": f"echo {uid}", "dpkg-query": "exit 1", "apt-get": f'echo "$@" >> "{folder}/asked"'}
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}


def test_a_user_without_a_browser_gets_the_one_line(tmp_path: Path) -> None:
    machine = _machine(tmp_path / "bin", uid=1000)
    run = subprocess.run(
        ["/bin/sh", ROOT / "scripts/browser.sh"], env=machine, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1] == APT_LINE
    assert not (tmp_path / "bin/asked").exists()


def test_root_without_a_browser_gets_it_from_debian(tmp_path: Path) -> None:
    machine = _machine(tmp_path / "bin", uid=0)
    run = subprocess.run(
        ["/bin/sh", ROOT / "scripts/browser.sh"], env=machine, capture_output=True, text=True, check=False
    )
    asked = (tmp_path / "bin/asked").read_text().splitlines()
    assert run.returncode == 0
    assert [line.split()[2] for line in asked] == ["update", "install"]
    assert asked[1].endswith("chromium fonts-noto-cjk")
