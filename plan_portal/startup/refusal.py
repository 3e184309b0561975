class StartRefusedError(Exception):
    """The portal cannot start. The message is one Japanese sentence that says what to do."""
