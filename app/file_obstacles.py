"""Why a file could not be written, in the words of commands."""

from __future__ import annotations

import errno
from typing import Final

_OBSTACLES: Final = {
    errno.EACCES: "không có quyền ghi",
    errno.EPERM: "không có quyền ghi",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.EDQUOT: "đã hết dung lượng được cấp",
    errno.EEXIST: "ở đó là một tệp, không phải thư mục",
    errno.ENOTDIR: "trên đường dẫn có một tệp, không phải thư mục",
    errno.EISDIR: "ở đó là một thư mục trùng tên tệp",
    errno.ENOENT: "không tạo được thư mục này",
    errno.ENAMETOOLONG: "tên quá dài",
}


def obstacle(error: OSError) -> str:
    """What stands in the way of a file, in words."""
    return _OBSTACLES.get(error.errno or 0, error.strerror or str(error))
