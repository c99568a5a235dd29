"""Opens the archive that .docx and .xlsx are, after a look at its size: bombs and locked files are refused unopened."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from bihuan.engines.reading.shapes import Unreadable

MAX_UNZIPPED = 200 * 2**20
MAX_RATIO = 400
MAX_PARTS = 5_000

LOCKED = "文件设了打开密码，读不出来。请去掉密码后再上传。"
_CUT = "文件损坏或没有下载完整，打不开。请重新取得文件，或用 Word 打开并另存后再试。"
_BROKEN = "文件内容损坏，解不开。请重新取得文件后再试。"
_SWELLS = "文件解压后过大，不像正常的文档。请用 Word 打开检查，另存后再试。"
_SMALL = 20 * 2**20
_ENTRY = b"PK\x01\x02"
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DAMAGED = (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, RuntimeError, MemoryError)


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive with its measure taken; whatever breaks while it is read is told as damaged. Raises Unreadable."""
    if content.count(_ENTRY) > MAX_PARTS:  # the list alone of a million parts would fill the memory
        raise Unreadable("too_large", _SWELLS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive, len(content))
            yield archive
    except zlib.error as error:
        raise Unreadable("damaged", _BROKEN) from error
    except _DAMAGED as error:
        raise Unreadable("damaged", _CUT) from error


def _check(archive: zipfile.ZipFile, packed: int) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    suspicious = unpacked > _SMALL and unpacked > packed * MAX_RATIO
    if len(parts) > MAX_PARTS or unpacked > MAX_UNZIPPED or suspicious:
        raise Unreadable("too_large", _SWELLS)


def check_readable(archive: zipfile.ZipFile) -> None:
    """Refuse locked parts, and the ways of packing no office program uses, whose unpacking may ask for any memory."""
    if any(part.flag_bits & 1 for part in archive.infolist()):
        raise Unreadable("locked", LOCKED)
    if any(part.compress_type not in _METHODS for part in archive.infolist()):
        raise Unreadable("damaged", _BROKEN)
