"""A file of evidence: its page with what it proves, its pages as pictures, and the file itself to save."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bihuan.actions.refusals import Unknown, Unreadable
from bihuan.queries import evidence as queries
from bihuan.queries.evidence import EvidencePage
from bihuan.rules.vocabulary import N_
from bihuan.web import _finding_page, _pages, words
from bihuan.web._downloads import file_answer, picture_answer
from bihuan.web.templatetags.bihuan import size

AT_ONCE = 5
MOST_PAGES = 1_000_000
NO_PAGE = "no_page"
TYPES = {
    "application/pdf": N_("PDF 文档"),
    "image/png": N_("PNG 图片"),
    "image/jpeg": N_("JPEG 图片"),
    queries.WORD: N_("Word 文档"),
    queries.OFD: N_("OFD 文档"),
    "application/msword": N_("旧版 Word 文档"),
    "application/vnd.ms-works": N_("WPS 文档"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": N_("Excel 工作簿"),
    "application/vnd.ms-excel": N_("旧版 Excel 工作簿"),
    "text/plain": N_("文本"),
}


def address(evidence: UUID) -> str:
    """The page of a file of evidence."""
    return f"/evidence/{evidence}"


@require_safe
def detail(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """What a file proves, who handed it in, and what can be seen of it."""
    found = queries.evidence_page(evidence_id, actor=request.actor)
    if found is None:
        raise Unknown("evidence", evidence_id)
    return render(request, "evidence/detail.html", {"page": _context(request, found)})


def _context(request: HttpRequest, found: EvidencePage) -> dict[str, Any]:
    preview = found.preview
    groups = max(1, -(-preview.pages // AT_ONCE))
    group = min(max(1, _pages.page_number(request)), groups)
    shown = range((group - 1) * AT_ONCE + 1, min(group * AT_ONCE, preview.pages) + 1)
    return {
        "title": found.name,
        "crumbs": (
            _pages.Link(gettext("台账"), _finding_page.LEDGER),
            _pages.Link(found.number, _finding_page.address(found.finding)),
            _pages.Link(gettext("佐证")),
        ),
        "actions": (_pages.Link(gettext("下载原件"), f"{address(found.id)}/file", is_primary=True),),
        "facts": _facts(found),
        "name": found.name,
        "note": _note(found),
        "pictures": [{"url": f"{address(found.id)}/pages/{number}", "number": number} for number in shown],
        "total": preview.pages,
        "pager": _pages.pager_of(request, number=group, pages=groups),
        "text": preview.text,
        "is_cut": preview.is_cut,
        "why_not": words.label(preview.refused) or gettext("文件里没有可以显示的文字。"),
    }


def _note(found: EvidencePage) -> str:
    if found.preview.text and found.media_type in (queries.WORD, queries.OFD):
        return gettext("只显示文字，版式请下载后看")
    return gettext("图片按拍摄方向摆正，原件不变") if found.media_type.startswith("image/") else ""


def _facts(found: EvidencePage) -> tuple[_pages.Fact, ...]:
    measure = gettext("第 %(number)s 条：%(text)s") % {"number": found.position, "text": found.measure}
    every = (
        (N_("所属问题"), f"{found.number} {found.title}", _finding_page.address(found.finding)),
        (N_("对应措施"), measure if found.position is not None else "", ""),
        (N_("重启依据"), words.label(found.ground), ""),
        (N_("证明什么"), found.proves, ""),
        (N_("材料日期"), found.dated, ""),
        (N_("报送人"), found.person, ""),
        (N_("报送时间"), timezone.localtime(found.at).strftime("%Y-%m-%d %H:%M"), ""),
        (N_("类型"), words.label(TYPES.get(found.media_type, found.media_type)), ""),
        (N_("大小"), size(found.size), ""),
        (N_("SHA-256"), found.sha256, ""),
    )
    always = (N_("证明什么"), N_("材料日期"))
    return tuple(_pages.Fact(label, str(value or ""), url) for label, value, url in every if value or label in always)


@require_safe
def picture(request: HttpRequest, evidence_id: UUID, page: int) -> HttpResponse:
    """One page of a file as a PNG."""
    found = queries.evidence_picture(evidence_id, page=page, actor=request.actor) if page < MOST_PAGES else None
    if found is None or found.code == NO_PAGE:
        raise Unknown("page", f"{evidence_id} {page}")
    if found.refused:
        raise Unreadable(found.code, found.refused, file=found.name)
    return picture_answer(found.png, name=f"{found.name}-{page}.png")


@require_safe
def file(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """The file as it came, to save."""
    found = queries.evidence_file(evidence_id, actor=request.actor)
    if found is None:
        raise Unknown("evidence", evidence_id)
    return file_answer(found.content, name=found.name, media_type=found.media_type)


urlpatterns = [
    path("evidence/<uuid:evidence_id>", detail, name="evidence.detail"),
    path("evidence/<uuid:evidence_id>/file", file, name="evidence.file"),
    path("evidence/<uuid:evidence_id>/pages/<int:page>", picture, name="evidence.picture"),
]
