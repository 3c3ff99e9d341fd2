"""`python -m bench.peak …`: run `fundapp …` in this process and say how much memory it held at most, in MB.

Asked of the kernel about this program alone: what wait4 says of a child begins with the memory of its parent.
"""

from __future__ import annotations

import sys

from bench.peak_memory import peak
from fundapp.web.cli import run

if __name__ == "__main__":
    status = run(sys.argv[1:])
    print(f"\n{peak()}")
    sys.exit(status)
