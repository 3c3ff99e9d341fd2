"""The budget of a proposal: lines, sums, and the same as a workbook."""
