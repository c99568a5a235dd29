"""`bihuan serve`: database, web and worker in the foreground, until TERM or INT. One frame for `demo` too."""

import errno
import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bihuan.cli.django_home import APP, OWNER, settings_for
from bihuan.cli.launcher import Database, database, resolve_home
from bihuan.cli.supervisor import Child, DatabaseLost, GivenUp, Stopped, keep_running, run_to_the_end, stoppable
from bihuan.cli.web_server import THREADS
from bihuan.cli.words import DONE, NO, USAGE, _, show, spoken, tell

MOST_DATABASE_LOSSES = 3
_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound


class NotPrepared(Exception):
    """The preparing child has refused and has said why; carries its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Frame:
    """Where to serve what: the address, the home, its database."""

    host: str
    port: int
    workers: int
    home: Path
    found: Database

    @property
    def address(self) -> tuple[str, int]:
        """Where this machine itself reaches the pages."""
        return ("127.0.0.1" if self.host in _EVERYWHERE else self.host, self.port)

    @property
    def url(self) -> str:
        """The first page."""
        host, port = self.address
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    def environ(self, role: str) -> dict[str, str]:
        """The environment of a child; only the owner's children get the owner's connection."""
        kept = {name: value for name, value in os.environ.items() if name != "BIHUAN_OWNER_DSN"}
        return {**kept, **settings_for(self.found, home=self.home, role=role), "BIHUAN_LANG": spoken()}

    def prepare(self) -> dict[str, int | bool]:
        """Bring the schema up to date and check the clock, in a child; return what it found."""
        role = OWNER if self.found.owner_dsn else APP
        may = {"BIHUAN_MAY_MIGRATE": "1" if role == OWNER else "0"}
        code, said = run_to_the_end("bihuan.cli.database:prepare", {**self.environ(role), **may})
        if code != DONE or not said.strip():
            raise NotPrepared(code if code in range(1, 5) else NO)
        found: dict[str, int | bool] = json.loads(said.splitlines()[-1])
        return found

    def children(self) -> list[Child]:
        """The web process and the worker."""
        environ = self.environ(APP)
        web = {
            "BIHUAN_BIND_HOST": self.host,
            "BIHUAN_BIND_PORT": str(self.port),
            "BIHUAN_WEB_WORKERS": str(self.workers),
            "BIHUAN_POOL": os.environ.get("BIHUAN_POOL") or str(THREADS + 1),
            "BIHUAN_HOSTS": os.environ.get("BIHUAN_HOSTS") or _hosts(self.host),
            "BIHUAN_WORKER": "1",
        }
        return [
            Child("web", "bihuan.cli.web_server:run", {**environ, **web}, self.home),
            Child("worker", "bihuan.jobs.worker:run", environ, self.home),
        ]


def serve_command(*, host: str, port: int, workers: int) -> int:
    """Serve the home until told to stop."""
    return serve(host=host, port=port, workers=workers, before=_prepared)


def serve(*, host: str, port: int, workers: int, before: Callable[[Frame], Callable[[], None]]) -> int:
    """Serve; `before` prepares the database and returns what is still to be said when all is ready."""
    if refusal := refusal_to_listen(host, port):
        tell(refusal)
        return USAGE
    with stoppable():
        try:
            return _serve(host=host, port=port, workers=workers, before=before)
        except Stopped:
            tell(_("已停止。"))
            return DONE
        except NotPrepared as refused:
            return refused.code
        except GivenUp as refusal_:
            tell(str(refusal_))
            return NO


def _serve(*, host: str, port: int, workers: int, before: Callable[[Frame], Callable[[], None]]) -> int:
    home = resolve_home(os.environ)
    said = False
    for _attempt in range(MOST_DATABASE_LOSSES):
        with database(home, environ=os.environ) as found:
            frame = Frame(host=host, port=port, workers=workers, home=home, found=found)
            words = before(frame)
            ready = partial(_say_ready, frame, words) if not said else lambda: None
            try:
                keep_running(frame.children(), url=frame.address, dsn=found.app_dsn, on_ready=ready)
            except DatabaseLost:
                said = True
                tell(_("数据库停了，正在重新启动。"))
    raise GivenUp(_("数据库接连停掉，服务已停。请查看 {log} 后再启动。").format(log=home / "postgres.log"))


def _say_ready(frame: Frame, words: Callable[[], None]) -> None:
    words()
    show(f"Bihuan is ready: {frame.url}")


def _prepared(frame: Frame) -> Callable[[], None]:
    frame.prepare()
    return lambda: None


def refusal_to_listen(host: str, port: int) -> str:
    """Why this address cannot be listened on, and what to do; empty when it can."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, number, _name, address in found[:1]:
            with socket.socket(family, kind, number) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
                tried.listen(1)
    except socket.gaierror:
        return _("地址 {host} 不认识。请改用本机的地址，例如 127.0.0.1。").format(host=host)
    except OSError as error:
        return _sentence(error, host, port)
    return ""


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        said = _("端口 {port} 已被占用。请先停掉占用它的程序，或换一个端口：--port {other}（make demo PORT={other}）。")
        return said.format(port=port, other=port + 1 if port < 65535 else 8000)
    if error.errno in (errno.EACCES, errno.EPERM):
        return _("本账户不能使用端口 {port}。请换一个 1024 以上的端口。").format(port=port)
    if error.errno == errno.EADDRNOTAVAIL:
        return _("地址 {host} 不是本机的。请改用本机的地址，例如 127.0.0.1。").format(host=host)
    return _("不能监听 {host}:{port}（{error}）。请换一个地址或端口。").format(
        host=host, port=port, error=error.strerror
    )


def _hosts(host: str) -> str:
    usual = "127.0.0.1,localhost,[::1]"
    if host in _EVERYWHERE:
        return f"{usual},{socket.gethostname()},{socket.getfqdn()}"
    return usual if host in usual else f"{usual},{host}"
