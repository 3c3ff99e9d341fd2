"""The most memory that this program has held, asked of the kernel about this program alone."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak() -> float:
    """In MiB; what wait4 says of a child begins with the memory of its parent, and so is not asked."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
