"""What human rights mechanisms recommended to States: the register that proposals and scores draw evidence from."""
