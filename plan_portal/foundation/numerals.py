"""Printed forms of numbers. Numbers are data everywhere; only here do they become ４, （１）, (1) or ⑦."""

_TO_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_CIRCLED_RANGES = ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1))


def full_width(number: int) -> str:
    """41 → ４１, as in 図４１ and 第３期."""
    return str(number).translate(_TO_FULL_WIDTH)


def full_stop(number: int) -> str:
    """1 → １．, as the goals are printed."""
    return f"{full_width(number)}．"


def parenthesised(number: int) -> str:
    """1 → (1), as the initiatives are printed within a goal."""
    return f"({number})"


def circled(number: int) -> str:
    """7 → ⑦, as the kizuna items are printed. Unicode has circles up to 50; beyond, (51)."""
    for first, last, codepoint in _CIRCLED_RANGES:
        if first <= number <= last:
            return chr(codepoint + number - first)
    return parenthesised(number)
