"""Operations of the Board."""
