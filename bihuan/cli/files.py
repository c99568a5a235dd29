"""A file named on the command line, read whole; over the limit or unreadable, it is refused with a sentence."""

from pathlib import Path

from bihuan.cli.answers import CannotRead
from bihuan.cli.words import _


def content_of(path: Path) -> bytes:
    """Its bytes. Raises Unreadable (over the limit), CannotRead."""
    from django.conf import settings

    from bihuan.actions.refusals import Unreadable

    try:
        if path.stat().st_size > settings.MAX_UPLOAD:
            said = _("文件 {path} 超过 {limit} MB，请拆分或压缩后再交。")
            raise Unreadable("too_large", said.format(path=path, limit=settings.MAX_UPLOAD // 1024 // 1024))
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(
            _("读不了文件 {path}（{why}）。请核对路径和权限。").format(path=path, why=error.strerror)
        ) from error
