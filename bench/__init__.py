"""Measuring what was promised: ratios inside one run, so that they hold on any machine."""
