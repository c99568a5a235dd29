"""Whether the installation works, for whoever watches it: 200 or 503, without signing in."""

import os

from django.http import HttpRequest, JsonResponse
from django.urls import path

from bihuan.queries.health import health


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and, when a worker is expected, its heart beats."""
    found = health(at=request.at, worker_expected=os.environ.get("BIHUAN_WORKER") == "1")
    body = {"well": found.is_well, "database": found.database, "worker": found.worker}
    return JsonResponse(body, status=200 if found.is_well else 503, headers={"Cache-Control": "no-store"})


urlpatterns = [path("healthz", healthz, name="healthz")]
