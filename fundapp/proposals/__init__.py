"""Calls for proposals of a fund, and the rules of what is proposed: words, amounts, budgets, stages."""
