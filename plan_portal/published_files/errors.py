class PublishError(Exception):
    """The files could not be published; those that were there stay. The message is Japanese and says what to do."""
