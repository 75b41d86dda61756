"""People who sign in: accounts, roles, sign-in, sessions."""
