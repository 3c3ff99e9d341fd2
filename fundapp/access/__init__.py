"""People, roles, sign-in, and the policy that says who may do what."""
