import logging


class PlainRefusals(logging.Filter):
    """What was refused (4xx) is told in one line: whoever sends nonsense does not fill the disk with tracebacks."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True
