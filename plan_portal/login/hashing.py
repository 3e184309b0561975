from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    """With the costs that OWASP names: 19 MB a login. Django's 100 MB would let a few strangers fill a small server."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
