"""Rules of scoring: scales, how scores are combined, what is suggested, what could be funded. Pure."""
