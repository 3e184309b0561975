"""What went wrong with a content file, in words that the person at the terminal can act on."""

from django.core.exceptions import ValidationError


class ContentError(Exception):
    """Nothing was written. The message is Japanese and says which file or record, and what to do."""


def in_one_line(error: ValidationError) -> str:
    """基本目標：このフィールドは…、番号：…"""
    if not hasattr(error, "error_dict"):
        return "、".join(error.messages)
    return "、".join(
        message if field == "__all__" else f"{field}：{message}"
        for field, messages in error.message_dict.items()
        for message in messages
    )
