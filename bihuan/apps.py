"""The one Django app."""

from django.apps import AppConfig


class BihuanConfig(AppConfig):
    """Bihuan as Django knows it; nothing happens at start."""

    name = "bihuan"
    label = "bihuan"
    default_auto_field = "django.db.models.BigAutoField"
