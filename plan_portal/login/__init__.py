"""How staff come in: password, the code from a phone, the bounds of a session, and the help of an administrator."""
