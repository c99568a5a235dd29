"""The database launcher: a database for whoever asks, started when it is down and stopped by its last user.

What it offers is named here; how it is done lies in the modules beside. No Django.
"""

from bihuan.cli.launcher.binaries import available_binaries
from bihuan.cli.launcher.home import NoDatabase, resolve_home
from bihuan.cli.launcher.lease import Database, database

__all__ = ["Database", "NoDatabase", "available_binaries", "database", "resolve_home"]
