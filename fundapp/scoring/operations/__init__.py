"""Operations of scoring."""
