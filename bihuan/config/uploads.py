"""What is received of a request's files: of one over the limit nothing is kept, while the other fields still arrive.

Django would else write the whole file to disk before a form could refuse it.
"""

from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from bihuan.actions.refusals import Unreadable
from bihuan.rules.vocabulary import N_


class OverLimit(UploadedFile):
    """A file of which only the name and the size are known; a form refuses it by its size, and it cannot be read."""

    def read(self, *_size: int) -> bytes:
        """Refuse: there is nothing to read, and an empty file would be told wrongly."""
        raise Unreadable("too_large", N_("文件超过允许的大小，请压缩或拆分以后再上传。"), file=self.name or "")


class UploadLimit(FileUploadHandler):
    """Stands before Django's own handlers and passes on what is within BIHUAN_MAX_UPLOAD."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass the chunk on; once the limit is passed, swallow it and free what was spooled before."""
        if start + len(raw_data) <= settings.MAX_UPLOAD:
            return raw_data
        for handler in self.request.upload_handlers if self.request else ():
            spooled = getattr(handler, "file", None)
            if spooled is not None:
                spooled.close()
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """In place of a file over the limit, its name and size."""
        if file_size <= settings.MAX_UPLOAD:
            return None
        return OverLimit(BytesIO(), self.file_name, self.content_type, file_size, self.charset)
