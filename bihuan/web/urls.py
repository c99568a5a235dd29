"""The pages' URLs: each matter keeps its own list beside its views."""

from django.urls import URLPattern

from bihuan.web import (
    _ledger,
    _ledger_exports,
    _ledger_forms,
    _ledger_views,
    closing,
    desk,
    evidence,
    feedback,
    findings,
    health,
    organizations,
    people,
    plans,
    progress,
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
    *_ledger.urlpatterns,
    *_ledger_exports.urlpatterns,
    *_ledger_forms.urlpatterns,
    *_ledger_views.urlpatterns,
    *findings.urlpatterns,
    *progress.urlpatterns,
    *closing.urlpatterns,
    *evidence.urlpatterns,
    *feedback.urlpatterns,
    *plans.urlpatterns,
    *statistics.urlpatterns,
]
