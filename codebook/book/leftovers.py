"""Files that other programs leave in a folder, and that are neither read nor watched."""

from __future__ import annotations

import re
from pathlib import PurePath

_LEFTOVER = re.compile(
    r"\..*"  # hidden files and folders; also locks of Emacs and LibreOffice, data of macOS
    r"|.*~|.*\.sw[a-px]|4913|#.*#"  # backups, swap files, and recovery files of Vim and Emacs
    r"|~\$.*|.*\.tmp"  # locks and temporary files of Microsoft Office
    r"|.*___jb_(?:tmp|old)___"  # temporary files of JetBrains editors
    r"|.*\.(?:part|partial|crdownload|download)"  # unfinished downloads
    r"|(?:eh)?thumbs\.db|desktop\.ini|icon\r"  # how file managers show a folder
    r"|\$recycle\.bin|system volume information|lost\+found|@eadir|__macosx"
    r"|__pycache__|node_modules",
    re.IGNORECASE | re.DOTALL,
)
"""Names that no document has. None of these files holds work that exists nowhere else; copies that
do, such as those of merge tools, are reported instead."""


def is_leftover(path: PurePath) -> bool:
    """Whether the file, or a folder above it, comes from another program, or is hidden.

    The path is relative to the folder of the book.
    """
    return any(_LEFTOVER.fullmatch(part) for part in path.parts)
