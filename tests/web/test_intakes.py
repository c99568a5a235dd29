"""Several files at once through the real gate: each on its own line, read by its job, found again from the desk."""

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from bihuan.actions import _matching, rounds
from bihuan.actions.refusals import Unknown
from bihuan.jobs.intakes import read_intake
from bihuan.jobs.running import NobodyToActFor
from bihuan.models import Draft, Event, Feedback, FileContent, Intake, Post, Upload
from bihuan.rules.vocabulary import SECRECY_HEAD
from tests.builders import TODAY, build_county
from tests.paths import REPORT, TEXT, Path, a_finding
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]
LIST = "/feedback/intakes/"
OTHER = TEXT.replace("党组", "领导班子")


def post(path: Path, *files: tuple[str, bytes], role: str = "liaison", **typed: str) -> Any:
    whole: dict[str, Any] = {"inspection": str(path.county.inspection), "audience": "leadership", "title": ""} | typed
    whole["file"] = [SimpleUploadedFile(name, content) for name, content in files]
    return visitor(path.county.actor(role)).post("/feedback/upload", whole)


def jobs() -> list[dict[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("select args from procrastinate_jobs where task_name = 'read_intake' order by id")
        return [args if isinstance(args, dict) else json.loads(args) for (args,) in cursor.fetchall()]


def read_all() -> None:
    for job in jobs():
        read_intake(**job)


def page(path: Path, role: str = "liaison") -> str:
    return text(visitor(path.county.actor(role)).get(LIST))


def own(names: Sequence[str]) -> list[Intake]:
    return [Intake.objects.get(name=name) for name in names]


def press(path: Path, row: Intake, deed: str, role: str = "liaison") -> Any:
    return visitor(path.county.actor(role)).post(f"{LIST}{row.pk}/{deed}")


def test_several_files_are_kept_at_once_read_one_by_one_and_led_to_their_benches():
    path = Path(build_county())
    sent = post(path, ("甲.txt", TEXT.encode()), ("乙.txt", OTHER.encode()), title="不用")
    assert (sent.status_code, sent["Location"]) == (303, LIST)
    waiting = page(path)
    assert waiting.count("排队中") == 2
    assert 'hx-trigger="every 3s"' in waiting
    assert not Feedback.objects.exists()
    assert [set(job) for job in jobs()] == [{"account", "post", "intake"}] * 2
    read_intake(**jobs()[0])
    half = page(path)
    assert (half.count("已读好"), half.count("排队中")) == (1, 1)
    assert "2 个文件，1 个已有结果" in half
    read_all()
    read_all()
    done = page(path)
    assert done.count("读出 4 条，等您认定。") == 2
    assert "hx-get" not in done
    assert (Feedback.objects.count(), Draft.objects.count(), Upload.objects.count()) == (2, 8, 2)
    assert sorted(Feedback.objects.values_list("title", flat=True)) == ["乙.txt", "甲.txt"]
    assert {row.uploaded_by_id for row in Upload.objects.all()} == {path.county.actor("liaison").account}
    first, second = own(["甲.txt", "乙.txt"])
    assert bytes(FileContent.objects.get(pk=first.sha256).content) == TEXT.encode()
    assert first.content is None
    opened = press(path, first, "open")
    assert (opened.status_code, opened["Location"]) == (303, f"/feedback/{first.feedback_id}/")
    assert "甲.txt" not in page(path)
    assert str(second.pk) in page(path)


def test_one_file_of_usual_size_opens_its_bench_and_a_large_one_goes_its_way(monkeypatch):
    path = Path(build_county())
    assert post(path, ("甲.txt", TEXT.encode()))["Location"] == f"/feedback/{Feedback.objects.get().pk}/"
    assert not Intake.objects.exists()
    monkeypatch.setattr("bihuan.web.feedback.AT_ONCE", 100)
    assert post(path, ("乙.txt", OTHER.encode()), title="大文件")["Location"] == LIST
    read_all()
    assert Feedback.objects.filter(title="大文件", drafts__isnull=False).exists()


def a_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(60 * 2**20))
    return buffer.getvalue()


def test_bad_files_lose_none_of_the_good_ones_and_each_line_says_what_to_do(settings):
    settings.MAX_UPLOAD = 100_000
    path = Path(build_county())
    bad = {
        "空.docx": (b"", "文件是空的"),
        "程序.exe": (b"MZ\0\0" * 9, "这是程序"),
        "过大.txt": (b"x" * 100_001, "文件超过"),
        "断了.docx": (b"PK\x03\x04broken", "打不开"),
        "坏.pdf": (b"%PDF-1.4 x", "PDF 文件损坏"),
        "炸弹.docx": (a_bomb(), "解压后过大"),
    }
    files = [(name, content) for name, (content, _) in bad.items()]
    assert post(path, *files[:3], ("甲.txt", TEXT.encode()), *files[3:]).status_code == 303
    at_once = page(path)
    for name in ("空.docx", "程序.exe", "过大.txt", "断了.docx"):
        assert bad[name][1] in at_once, name
        assert Intake.objects.get(name=name).content is None
    read_all()
    done = page(path)
    for name, (_, says) in bad.items():
        assert name in done
        assert says in done, name
    assert done.count("没有读成") == len(bad)
    assert Feedback.objects.get().title == "甲.txt"


def test_a_file_that_could_not_be_read_is_tried_again_or_put_away(monkeypatch):
    path = Path(build_county())
    post(path, ("甲.txt", TEXT.encode()), ("坏.pdf", b"%PDF-1.4 x"))
    with monkeypatch.context() as broken:
        broken.setattr("bihuan.actions._documents.reading.read_bytes", lambda *_, **__: 1 / 0)
        read_all()
    first, bad = own(["甲.txt", "坏.pdf"])
    assert page(path).count("程序出错") == 2
    assert press(path, first, "again").status_code == 303
    assert "排队中" in page(path)
    refused = press(path, first, "put-away")
    assert refused.status_code == 422
    assert "还在读" in text(refused)
    read_intake(**jobs()[-1])
    assert Feedback.objects.get().title == "甲.txt"
    assert press(path, bad, "put-away").status_code == 303
    assert "坏.pdf" not in page(path)
    bad.refresh_from_db()
    assert bad.content is None
    assert press(path, bad, "again").status_code == 422
    visitor(path.county.actor("liaison")).post(f"{LIST}put-away")
    assert "没有来件" in page(path)
    assert sorted(Event.objects.filter(thing="intake").values_list("step", flat=True)) == [
        *["put_away"] * 2,
        *["send"] * 2,
    ]


def test_the_same_file_is_recognized_and_leads_to_where_it_is():
    path = Path(build_county())
    post(path, ("甲.txt", TEXT.encode()), ("乙.txt", OTHER.encode()), ("又一份甲.txt", TEXT.encode()))
    assert page(path).count("已上传过") == 1
    assert "那一个还没有读好" in page(path)
    # Another person, while the first is still being read; and the way that reads at once.
    assert post(path, ("丙.txt", TEXT.encode()), ("丁.txt", b"1"), role="team_leader").status_code == 303
    assert "已上传过" in page(path, "team_leader")
    alone = post(path, ("甲.txt", TEXT.encode()), role="office_clerk")
    assert alone.status_code == 422
    assert f'href="{LIST}"' in text(alone)
    assert len(jobs()) == 3
    read_all()
    made = Intake.objects.get(name="甲.txt").feedback_id
    again = Intake.objects.get(name="又一份甲.txt")
    assert "那一个还没有读好" not in page(path)
    assert press(path, again, "open")["Location"] == f"/feedback/{made}/"
    post(path, ("第三份甲.txt", TEXT.encode()), ("戊.txt", b"2"))
    assert press(path, Intake.objects.get(name="第三份甲.txt"), "open")["Location"] == f"/feedback/{made}/"
    alone = post(path, ("甲.txt", TEXT.encode()))
    assert alone.status_code == 422
    assert f'<a href="/feedback/{made}/">' in text(alone)
    assert Upload.objects.filter(sha256=again.sha256).count() == 1


def test_what_came_in_another_way_meanwhile_is_recognized_when_it_is_kept():
    path = Path(build_county())
    post(path, ("甲.txt", TEXT.encode()), ("乙.txt", OTHER.encode()))
    Intake.objects.filter(name="甲.txt").update(sent_at="2020-01-01T00:00:00Z")
    assert post(path, ("快的.txt", TEXT.encode())).status_code == 303
    made = Feedback.objects.get()
    read_all()
    assert set(Feedback.objects.values_list("title", flat=True)) == {"快的.txt", "乙.txt"}
    assert press(path, Intake.objects.get(name="甲.txt"), "open")["Location"] == f"/feedback/{made.pk}/"


def test_only_who_sent_a_file_has_it_and_the_unit_knows_of_none():
    path = Path(build_county())
    post(path, ("甲.txt", TEXT.encode()), ("乙.txt", OTHER.encode()), audience="head")
    assert set(Intake.objects.values_list("secrecy", flat=True)) == {SECRECY_HEAD}
    (row,) = own(["甲.txt"])
    for role in ("team_leader", "office_clerk", "unit_head"):
        assert press(path, row, "again", role).status_code == 404, role
        assert press(path, row, "put-away", role).status_code == 404, role
    assert "甲.txt" not in page(path, "office_clerk")
    read_all()
    assert set(Feedback.objects.values_list("audience", "secrecy")) == {("head", SECRECY_HEAD)}


def test_the_office_sends_the_heads_own_part_and_finds_it_again():
    path = Path(build_county())
    post(path, ("甲.txt", TEXT.encode()), ("乙.txt", OTHER.encode()), audience="head", role="office_director")
    assert page(path, "office_director").count("排队中") == 2
    read_all()
    assert page(path, "office_director").count("已读好") == 2


def test_the_desk_leads_to_what_is_still_read_or_not_looked_at():
    path = Path(build_county())
    browser: Client = visitor(path.county.actor("liaison"))
    assert LIST not in text(browser.get("/"))
    post(path, ("甲.txt", TEXT.encode()), ("乙.txt", OTHER.encode()), ("坏.pdf", b"%PDF-1.4 x"))
    assert f'<a href="{LIST}">来件 3 个</a> 3 个还在读' in text(browser.get("/"))
    read_all()
    assert f'<a href="{LIST}">来件 3 个</a> 都有结果了' in text(browser.get("/"))
    press(path, own(["甲.txt"])[0], "open")
    assert f'<a href="{LIST}">来件 2 个</a>' in text(browser.get("/"))
    assert page(path).count('class="is-title"') == 2
    assert LIST not in text(visitor(path.county.actor("office_clerk")).get("/"))


def test_too_many_are_refused_beside_the_files_and_none_is_kept(monkeypatch):
    monkeypatch.setattr("bihuan.actions.intakes.MOST_IN_SIGHT", 2)
    path = Path(build_county())
    refused = post(path, *[(f"{n}.txt", f"{TEXT}{n}".encode()) for n in range(3)])
    assert refused.status_code == 422
    assert 'id="id_file_error">一次最多有 2 个文件' in text(refused)
    assert not Intake.objects.exists()


def test_an_inspection_that_is_archived_meanwhile_gets_nothing_more():
    path = Path(build_county())
    post(path, ("甲.txt", TEXT.encode()), ("乙.txt", OTHER.encode()))
    with connection.cursor() as cursor:
        cursor.execute("update inspection set state = 'archived'")
    read_all()
    assert page(path).count("已经归档") == 2
    assert not Feedback.objects.exists()


def test_a_stranger_to_the_list_is_told_whose_it_is():
    path = Path(build_county())
    assert visitor(path.county.actor("secretary")).get(LIST).status_code == 403
    assert press(path, Intake(pk=UUID(int=1)), "open").status_code == 404


def test_a_file_that_is_here_as_something_else_can_still_be_uploaded_as_a_feedback():
    path = a_finding(build_county(), "awaiting_plan")
    given = {"feedback": path.feedback, "name": "进展.txt", "content": REPORT.encode()}
    path.do("office_clerk", _matching.lay_beside, **given)
    assert post(path, ("进展.txt", REPORT.encode())).status_code == 303
    assert Feedback.objects.filter(upload__name="进展.txt").count() == 1
    again = post(path, ("进展.txt", REPORT.encode()))
    assert again.status_code == 422
    assert "打开已经上传的这个文件" in text(again)


def test_files_that_cannot_be_read_are_not_the_same_file():
    path = Path(build_county())
    post(path, ("一.exe", b"MZ\0\0" * 9), ("二.docx", b"PK\x03\x04broken"))
    assert {row.same_as for row in own(["一.exe", "二.docx"])} == {None}


def test_what_a_post_that_ended_left_unread_is_taken_up_by_whoever_follows():
    path = Path(build_county())
    post(path, ("甲.txt", TEXT.encode()), ("乙.txt", OTHER.encode()))
    first, second = own(["甲.txt", "乙.txt"])
    assert "甲.txt" not in page(path, "team_leader")
    Post.objects.filter(pk=path.county.actor("liaison").post).update(ends_on=TODAY)
    with pytest.raises(NobodyToActFor):
        read_all()
    for role in ("team_leader", "office_clerk"):
        shown = page(path, role)
        assert shown.count("送来的人已经不在任，没有人接着读。") == 2
        assert 'hx-trigger="every 3s"' not in shown
        assert "2 个文件，0 个已有结果。" in shown
        assert "来件 2 个</a> 2 个没有人接着读" in text(visitor(path.county.actor(role)).get("/"))
    assert press(path, first, "again", "unit_head").status_code == 404
    assert press(path, first, "again", "team_leader").status_code == 303
    assert press(path, second, "put-away", "office_clerk").status_code == 303
    assert "乙.txt" not in page(path, "team_leader")
    first.refresh_from_db()
    assert first.post_id == path.county.actor("team_leader").post
    assert set(Event.objects.filter(thing="intake").values_list("step", flat=True)) == {"send", "take_up", "put_away"}
    read_intake(**jobs()[-1])
    assert "读出 4 条，等您认定。" in page(path, "team_leader")
    assert "甲.txt" not in page(path, "office_clerk"), "it is somebody's again"


def test_what_a_liaison_left_who_was_released_from_the_inspection_is_taken_up_too():
    path = Path(build_county())
    post(path, ("甲.txt", TEXT.encode()), ("乙.txt", OTHER.encode()))
    given = {"inspection": path.county.inspection, "post": path.county.actor("liaison").post, "reason": "另有任用"}
    path.do("office_director", rounds.unassign_post, **given)
    with pytest.raises(Unknown):
        read_all()
    assert page(path, "team_leader").count("送来的人已经不在任，没有人接着读。") == 2
    (row,) = own(["甲.txt"])
    assert press(path, row, "again", "liaison").status_code == 404
    assert press(path, row, "again", "team_leader").status_code == 303
