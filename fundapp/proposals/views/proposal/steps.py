"""The moves of a proposal: clearing, handing in, withdrawing, and what undoes them."""
