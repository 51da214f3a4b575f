"""Prints the bytes of files and folders, and of a ZIP file of them, made with the module that SAM uses.

Compiled Python is left out, as it is not deployed.
"""

import io
import sys
import zipfile
from pathlib import Path

archive = io.BytesIO()
size = 0
with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as entries:
    for root in map(Path, sys.argv[1:]):
        for path in [root, *root.rglob("*")]:
            if path.is_file() and "__pycache__" not in path.parts:
                entries.write(path, path.relative_to(root.parent))
                size += path.stat().st_size
print(size, len(archive.getvalue()))
