"""`python -m bench.sheet_openpyxl ROWS`: the same workbook in openpyxl's write-only mode."""

from __future__ import annotations

import io
import sys
from time import perf_counter

from openpyxl import Workbook

from bench.peak_memory import peak
from bench.sheet_rows import HEADINGS, rows

if __name__ == "__main__":
    start = perf_counter()
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    for row in rows(int(sys.argv[1])):
        sheet.append(row)
    book.save(out)
    print(perf_counter() - start, peak(), len(out.getvalue()))
