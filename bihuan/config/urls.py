"""Root URLs: no logic."""

from django.urls import include, path

urlpatterns = [path("", include("bihuan.web.urls"))]
