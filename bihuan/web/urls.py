"""The pages' URLs: each matter keeps its own list beside its views."""

from django.urls import URLPattern

from bihuan.web import (
    desk,
    feedback,
    findings,
    health,
    organizations,
    people,
    record,
    rounds,
    set_up,
    sign_in,
    statistics,
    terms,
)

urlpatterns: list[URLPattern] = [
    *desk.urlpatterns,
    *sign_in.urlpatterns,
    *set_up.urlpatterns,
    *health.urlpatterns,
    *people.urlpatterns,
    *record.urlpatterns,
    *organizations.urlpatterns,
    *terms.urlpatterns,
    *rounds.urlpatterns,
    *findings.urlpatterns,
    *feedback.urlpatterns,
    *statistics.urlpatterns,
]
