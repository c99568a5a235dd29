"""How requests are read: JSON bodies, JSON beside files, addresses with questions; strictly, and without NUL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.params.models import Body, BodyModel, Query, QueryModel
from ninja.parser import Parser
from pydantic_core import from_json

from bihuan.actions.refusals import Unreadable
from bihuan.api.errors import Malformed, too_large
from bihuan.api.shapes import Shape, parts_named

JSON, MULTIPART = "application/json", "multipart/form-data"
TYPED = "typed"


@dataclass(frozen=True)
class Seen:
    """The revision that the person saw; an old one is answered with 409."""

    seen: int


@dataclass(frozen=True)
class Paging:
    """Which page of the list, from one; beyond the last the last is shown."""

    page: int = 1


class PlainParser(Parser):
    """Forms and questions as ninja reads them; what holds a NUL, which no table can keep, is malformed."""

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Text by name, files within the limit."""
        for name, value in data.items():
            _refuse_nul(value, name)
            if isinstance(value, UploadedFile):
                _refuse_large(value)
        return cast(dict[str, Any], super().parse_querydict(data, list_fields, request))


class _SentModel(BodyModel):
    @classmethod
    def resolve(cls, request: HttpRequest, api: NinjaAPI, path_params: Any) -> Any:  # noqa: ARG003 ninja's signature
        """JSON, read strictly: a number is no date, a text is no number; the files it names are there."""
        raw = _raw(request)
        try:
            content = from_json(raw, allow_inf_nan=False)
        except ValueError as error:
            raise Malformed(gettext("请求的正文不是 JSON。请对照 /api/openapi.json 核对。")) from error
        _refuse_nul(content, "")
        name = cls.__read_from_single_attr__
        found = cls.model_validate_json(b'{"%s":%s}' % (name.encode(), raw), strict=True)
        _refuse_without_files(getattr(found, name), request.FILES)
        return found


class Sent(Body):  # type: ignore[misc]
    """A parameter that is the body: JSON, or the JSON part `typed` of a multipart body whose other parts are files."""

    _model = _SentModel

    def __init__(self, default: Any = ..., **given: Any) -> None:
        super().__init__(default, **given)

    @classmethod
    def _param_source(cls) -> str:
        return "body"


class _AskedModel(QueryModel):
    @classmethod
    def get_request_data(cls, request: HttpRequest, api: NinjaAPI, path_params: Any) -> Any:
        """The questions of the address; a misspelled one must not answer for everything."""
        for name in request.GET:
            if name not in cls.__ninja_flatten_map__:  # type: ignore[attr-defined]
                said = gettext("没有参数“%(name)s”。请对照 /api/openapi.json 核对。")
                raise Malformed(said % {"name": name[:40]}, where=name[:40])
        return super().get_request_data(request, api, path_params)


class Asked(Query):  # type: ignore[misc]
    """A parameter that is everything after the question mark."""

    _model = _AskedModel

    def __init__(self, default: Any = ..., **given: Any) -> None:
        super().__init__(default, **given)

    @classmethod
    def _param_source(cls) -> str:
        return "query"


def _raw(request: HttpRequest) -> bytes:
    if request.content_type == MULTIPART:
        typed = request.POST.get(TYPED, "") or "{}"
        for name, file in request.FILES.items():
            _refuse_nul(name, "file")
            _refuse_large(cast(UploadedFile, file))
        return typed.encode(errors="replace")
    if request.content_type not in (JSON, ""):
        raise Unreadable("wrong_content_type", gettext("正文只收 application/json 或 multipart/form-data。"))
    return request.body or b"{}"


def _refuse_without_files(typed: Shape, files: Mapping[str, Any]) -> None:
    for name in parts_named(typed):
        if name not in files:
            said = gettext("没有名为“%(name)s”的文件部分。请用 multipart/form-data 一并上传。")
            raise Malformed(said % {"name": name[:40]}, where="file")


def _refuse_large(file: UploadedFile) -> None:
    if (file.size or 0) > settings.MAX_UPLOAD:
        raise too_large()


def _refuse_nul(content: Any, where: str) -> None:
    """Walks what was sent; the reader before has limited its depth."""
    if isinstance(content, str) and "\0" in content:
        raise Malformed(gettext("文字里有空字符（NUL），存不下。请去掉后再办。"), where=where)
    if isinstance(content, dict):
        for name, value in content.items():
            _refuse_nul(name, where)
            _refuse_nul(value, f"{where}.{name}".lstrip("."))
    if isinstance(content, list):
        for number, value in enumerate(content, 1):
            _refuse_nul(value, f"{where}.{number}".lstrip("."))
