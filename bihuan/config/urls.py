"""Root URLs: no logic."""

from django.urls import include, path

urlpatterns = [path("api/", include("bihuan.api.urls")), path("", include("bihuan.web.urls"))]
handler400 = "bihuan.web.errors.bad_request"
handler403 = "bihuan.web.errors.permission_denied"
handler404 = "bihuan.web.errors.not_found"
handler500 = "bihuan.web.errors.server_error"
