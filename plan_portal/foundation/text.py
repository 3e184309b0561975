"""Plain text as staff enter it: an empty line parts paragraphs, a line break is a line break."""


def paragraphs(text: str | None) -> list[str]:
    """The paragraphs of `text`, none empty."""
    whole = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return [part.strip("\n") for part in whole.split("\n\n") if part.strip()]


def first_of_list(text: str) -> str:
    """困窮者支援、防災、防犯 → 困窮者支援ほか, where there is little room."""
    first, comma, _ = text.partition("、")
    return f"{first}ほか" if comma else text


def listed(lines: str) -> str:
    """The lines as one list: 町内会、民児協."""
    return "、".join(line.strip() for line in lines.splitlines() if line.strip())
