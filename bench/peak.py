"""`python -m bench.peak …`: run `fundapp …` in this process and say how much memory it held at most, in MB.

Asked of the kernel about this program alone: what wait4 says of a child begins with the memory of its parent.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from fundapp.web.cli.main import run


def peak() -> float:
    """The most memory that this program has held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    status = run(sys.argv[1:])
    print(f"\n{peak()}")
    sys.exit(status)
