"""Each document of the fund: facts and words in, blocks out."""
