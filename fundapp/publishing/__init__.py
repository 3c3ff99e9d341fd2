"""Documents: words, blocks, and what draws them."""
