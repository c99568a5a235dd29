"""The timetable: what is done by the clock, and when. Nothing here reaches a business row.

A name that an action defers is registered here or in a module imported here; tests/jobs holds that.
"""

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore
from procrastinate import JobContext
from procrastinate.contrib.django import app

from bihuan.actions import ledger as ledger_acts
from bihuan.actions import statistics
from bihuan.jobs import imports as import_tasks
from bihuan.jobs import intakes as intake_tasks
from bihuan.jobs import ledger as ledger_tasks
from bihuan.jobs.running import by_the_clock

# Tasks that actions put off are known to the worker once their modules are loaded.
PUT_OFF = (ledger_tasks, intake_tasks, import_tasks)
HOURLY = "7 * * * *"
EVERY_MINUTE = "* * * * *"


@app.periodic(cron=HOURLY)
@app.task(name="end_old_sessions", queueing_lock="end_old_sessions")
@by_the_clock
def end_old_sessions(_at: datetime) -> None:
    """Remove the sessions whose time is over: nobody can use them, and the table does not grow."""
    SessionStore.clear_expired()


@app.periodic(cron=HOURLY)
@app.task(name="forget_old_exports", queueing_lock="forget_old_exports")
@by_the_clock
def forget_old_exports(_at: datetime) -> None:
    """Remove the files of exports whose time is over."""
    ledger_acts.forget_old_exports()


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="fold_figures", queueing_lock="fold_figures")
@by_the_clock
def fold_figures(_at: datetime) -> None:
    """Fold what the figures have grown by; until then it is read along."""
    statistics.fold_figures()


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="retake_lost_jobs", queueing_lock="retake_lost_jobs", pass_context=True)
async def retake_lost_jobs(context: JobContext, **_when: int) -> None:
    """Put back what a worker that no longer gives a sign of life had begun."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
