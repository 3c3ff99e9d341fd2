"""The layouts in which others keep recommendations: a module each, from a file to rows, with what is wrong named."""

from fundapp.recommendations.layouts.registry import LAYOUTS, recognise, rows

__all__ = ["LAYOUTS", "recognise", "rows"]
