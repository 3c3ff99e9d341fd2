"""The funds: their names, rates, criteria, focus areas, statement layout and Board."""
