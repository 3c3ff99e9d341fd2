"""`python -m bench.sheet_ours ROWS`: write a workbook; say the seconds that took, and the most memory, in MiB."""

from __future__ import annotations

import io
import sys
from time import perf_counter

from bench.peak_memory import peak
from bench.sheet_rows import HEADINGS, rows
from fundapp.kernel.workbook import xlsx

if __name__ == "__main__":
    start = perf_counter()
    size = len(io.BytesIO(xlsx(HEADINGS, rows(int(sys.argv[1])))).getvalue())
    print(perf_counter() - start, peak(), size)
