"""The rules of a Board: pure facts and arithmetic."""
