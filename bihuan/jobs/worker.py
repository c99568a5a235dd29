"""The worker process: takes deferred and timed work until told to stop. The supervisor starts it; its heart beats."""

import logging
from importlib import import_module

TIMETABLE = "bihuan.jobs.schedule"
HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 30.0
STOP_SECONDS = 2.0
CONCURRENCY = 2


def run() -> None:
    """Work until TERM. What is still running two seconds later is broken off; retake_lost_jobs puts it back."""
    import django

    django.setup()
    logging.getLogger("procrastinate").setLevel(logging.INFO)
    from procrastinate.contrib.django import app

    import_module(TIMETABLE)
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as worker:
        worker.run_worker(
            concurrency=CONCURRENCY,
            shutdown_graceful_timeout=STOP_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            delete_jobs="successful",
        )
