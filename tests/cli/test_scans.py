"""`bihuan read` of a scan: recognized page by page, told on a terminal alone; killed, it goes on where it was."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageFilter

from tests.cli.launcher.stage import until
from tests.cli.test_read import PROGRAM, ROOT
from tests.engines import ofd_files, scan_files


def started(file: Path, cache: Path, *, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
    environment = {"PATH": "", "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cache)}
    command = [sys.executable, "-c", PROGRAM, "json", "", str(file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment)


def slip(*lines: str) -> Image.Image:
    """The upper part of a page."""
    return scan_files.sheets(lines, numbered=False)[0].picture.crop((0, 200, scan_files.WIDTH, 800))


def test_a_reading_that_was_killed_goes_on_and_leaves_nothing_behind(tmp_path: Path) -> None:
    file, cache = tmp_path / "反馈.pdf", tmp_path / "cache"
    file.write_bytes(scan_files.pdf(slip("青石河整治工程推进缓慢。"), slip("防汛物资账实不符。")))
    first = started(file, cache)
    until(lambda: bool(list(cache.rglob("1.json"))), seconds=120)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    kept = next(cache.rglob("1.json"))
    kept.write_text(kept.read_text().replace(json.dumps("青")[1:-1], json.dumps("白")[1:-1]))  # shows who read it
    terminal, stderr = pty.openpty()
    again = started(file, cache, stderr=stderr)
    os.close(stderr)
    answer = json.loads(again.communicate()[0])
    told = os.read(terminal, 10_000).decode()
    assert again.returncode == 0
    assert answer["text"].startswith("白石河整治工程推进缓慢。")
    assert answer["text"][answer["pages"][1] :] == "防汛物资账实不符。"
    assert "正在识别第 2 页，共 2 页" in told
    assert "第 1 页" not in told
    assert not list(cache.rglob("*.json"))


def test_a_page_that_may_lack_lines_is_told_in_words_and_in_json(tmp_path: Path) -> None:
    whole = slip("青石河整治工程推进缓慢。", "防汛物资账实不符，盘亏编织袋1250条。")
    below = (0, 130, whole.width, whole.height)
    whole.paste(whole.crop(below).filter(ImageFilter.GaussianBlur(8)), below)
    file = tmp_path / "模糊.png"
    file.write_bytes(scan_files.png(whole))
    reading = started(file, tmp_path / "cache")
    answer, said = reading.communicate()
    assert json.loads(answer)["text"] == "青石河整治工程推进缓慢。"
    assert {one["page"] for one in json.loads(answer)["missed"]} == {1}
    assert said == f"{file.name}：第 1 页可能有漏认的行，请对照原图\n"


def test_nothing_is_told_where_nobody_looks_and_a_spoiled_picture_is_an_error_of_its_own(tmp_path: Path) -> None:
    good, bad = tmp_path / "一页.png", tmp_path / "坏.jpg"
    good.write_bytes(scan_files.png(slip("防汛物资账实不符。")))
    bad.write_bytes(b"\xff\xd8\xff" + bytes(99))
    environment = {"PATH": "", "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": "/proc/nowhere"}  # no room to keep anything
    command = [sys.executable, "-c", PROGRAM, "json", "", str(bad), str(good)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)
    failed, read = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 3
    assert failed["error"]["code"] == "damaged"
    assert read["text"] == "防汛物资账实不符。"
    assert done.stderr == f"{bad}：{failed['error']['message']}\n"


def test_an_ofd_of_pictures_is_refused_in_its_own_words_whether_the_extra_is_there_or_not(tmp_path: Path) -> None:
    """Pages of an OFD are not drawn here: what helps is another file, no recognition of this one."""
    file = tmp_path / "反馈意见.ofd"
    file.write_bytes(ofd_files.ofd_file(ofd_files.page(ofd_files.picture())))
    done = started(file, tmp_path / "cache")
    answer = json.loads(done.communicate()[0])
    assert done.returncode == 3
    assert answer["error"] == {"code": "needs_ocr", "message": answer["error"]["message"]}
    assert "请用 OFD 阅读软件另存为 PDF 后再试" in answer["error"]["message"]
