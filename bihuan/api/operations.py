"""What all operations declare: their answers, refusals included, and that a body may bring files."""

from http import HTTPStatus
from typing import Any

from bihuan.api.errors import Problem
from bihuan.api.requests import MULTIPART, TYPED

ALWAYS = (400, 403, 500)
OF_A_THING = (*ALWAYS, 404)
OF_A_DEED = (*OF_A_THING, 409, 413, 415, 422)


def answers(kind: Any, *refusals: int) -> dict[int, Any]:
    """The response types of an operation: what it answers, and a problem for each refusal."""
    return {int(HTTPStatus.OK): kind} | dict.fromkeys(sorted(refusals or ALWAYS), Problem)


def with_files(shape: type[Any]) -> dict[str, Any]:
    """For the document: the same body as a part `typed`, beside parts that hold files."""
    content = {
        "schema": {
            "type": "object",
            "properties": {TYPED: {"$ref": f"#/components/schemas/{shape.__name__}"}},
            "required": [TYPED],
            "additionalProperties": {"type": "string", "format": "binary"},
        },
        "encoding": {TYPED: {"contentType": "application/json"}},
    }
    return {"requestBody": {"content": {MULTIPART: content}}}
