"""The Board of Trustees as a body: seats and terms, sessions, interests, advice, decisions, minutes."""
