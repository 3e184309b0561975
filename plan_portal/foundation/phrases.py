"""Where Japanese text may break: phrases (文節) for headings, lines for the figure.

Widths are counted in cells: one cell is the square of a full-width character, whatever the font.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import NamedTuple

import budoux

PARSER = budoux.load_default_japanese_parser()

MAY_NOT_BEGIN_A_LINE = frozenset(
    "、。，．・：；？！）」』】〉》〕］｝〙〗”’～〜ー―…‥々〻ゝゞヽヾ゛゜％"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
    "｡､｣･ｰｧｨｩｪｫｬｭｮｯﾞﾟ,.:;?!)]}%"
)
MAY_NOT_END_A_LINE = frozenset("（「『【〈《〔［｛〘〖“‘｢([{")
HIRAGANA_MAY_FOLLOW = frozenset("、。，．？！ \u3000")  # elsewhere hiragana goes on with the word before it
DASHES = frozenset("～〜―")  # ～subtitle～: the first one opens
SHORT_NOTE = re.compile(r"[（(][^）)]{1,2}[）)]")  # （児）, （地域）: belongs to the word before it

ZERO_WIDTH_JOINER = "\u200d"
SPACED_WORDS = re.compile(r"\S+\s*|\s+")
LISTED_WORDS = re.compile(r"[^\s・／]+[・／]*\s*|[\s・／]+")
LOOSE_CHARACTERS = re.compile(r"\S\s*|\s+")

WIDEST_PHRASE = 10  # cells
BETWEEN_PAIRS_OF_KANJI = re.compile(r"(?<=[一-鿿]{2})(?=(?:[一-鿿]{2})+(?![一-鿿]))")

LINE_COST = 10**9  # fewer lines before anything else …
TEAR_COSTS = (0, 10**6, 10**7, 10**8, 10**8)  # … then the careful knives (see KNIVES) before the careless ones

Measure = Callable[[str], int]


@lru_cache(maxsize=4096)
def phrases(text: str) -> tuple[str, ...]:
    """The text cut where a reader pauses; joined again it is the text, unchanged."""
    return tuple(_join_unless(_opens_a_phrase, SPACED_WORDS.findall(text)))


@lru_cache(maxsize=4096)
def breakable(text: str) -> str:
    """`text` as HTML, escaped, with a <wbr> between its phrases: 地域福祉<wbr>活動の<wbr>推進.

    A phrase that is wider than a heading on a phone may also break within its kanji, two by two from the end, as most
    compounds are built: 登別市<wbr>再犯<wbr>防止<wbr>推進<wbr>計画.
    """
    pieces = (
        piece
        for phrase in phrases(text)
        for piece in (BETWEEN_PAIRS_OF_KANJI.split(phrase) if cells(phrase) > WIDEST_PHRASE else (phrase,))
    )
    return "<wbr>".join(map(escape, pieces))


@lru_cache(maxsize=4096)
def cells(text: str) -> float:
    """The width in full-width cells: wide 1, narrow 0.6, combining marks 0."""
    return _tenths(text) / 10


@lru_cache(maxsize=1024)
def clusters(text: str) -> tuple[str, ...]:
    """The characters as a reader counts them: a letter with its accents, an emoji with its joiners."""
    found: list[str] = []
    for character in text:
        if found and _sticks_to(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return tuple(found)


@lru_cache(maxsize=4096)
def wrap(text: str, width: float) -> tuple[str, ...]:
    """Lines of at most `width` cells (1 or more).

    As few lines as phrases allow, and no short last line. A phrase is torn only where it is wider than a line:
    between words if it can be, then where 禁則 allows, at worst anywhere. Only spaces at a break are dropped.
    """
    return _lines(text, width, _tenths)


@lru_cache(maxsize=1024)
def wrap_upright(text: str, height: int) -> tuple[str, ...]:
    """Columns of at most `height` characters, for vertical writing, where every character takes a full cell."""
    return _lines(text, height, _upright_tenths)


def _join_unless(opens: Callable[[str, int], bool], words: list[str]) -> list[str]:
    """BudouX's chunks of the words, each joined to the one before unless something new `opens` at its position."""
    text, position = "".join(words), 0
    found: list[str] = []
    for word in words:
        for chunk in PARSER.parse(word):
            if found and not opens(text, position):
                found[-1] += chunk
            else:
                found.append(chunk)
            position += len(chunk)
    return found


def _opens_a_phrase(text: str, position: int) -> bool:
    before, after = text[position - 1], text[position]
    if "ぁ" <= after <= "ゟ" and before not in HIRAGANA_MAY_FOLLOW:
        return False
    if before in DASHES and (position == 1 or text[position - 2].isspace()):
        return False
    return _may_break_at(text, position) and not SHORT_NOTE.match(text, position)


def _may_break_at(text: str, position: int) -> bool:
    return not _belong_together(text[position - 1], text[position])


def _belong_together(before: str, after: str) -> bool:
    """Whether 禁則 (or an unfinished word or number in half-width letters) forbids a break between the two."""
    if after in MAY_NOT_BEGIN_A_LINE or before in MAY_NOT_END_A_LINE or after.isspace():
        return True
    if before.isdecimal() and after.isdecimal():
        return True
    return (_is_narrow_letter(before) and _is_narrow_letter(after)) or _sticks_to(before, after)


@lru_cache(maxsize=4096)
def _is_narrow_letter(character: str) -> bool:
    return character.isalnum() and unicodedata.east_asian_width(character) in ("Na", "N")


def _sticks_to(cluster: str, character: str) -> bool:
    if cluster.isspace():
        return False
    if _character_tenths(character) == 0 or character in "ﾞﾟ" or "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    if cluster[-1] == ZERO_WIDTH_JOINER:
        return True
    return _is_flag_half(character) and len(cluster) == 1 and _is_flag_half(cluster)


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


@lru_cache(maxsize=8192)
def _character_tenths(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 10 if unicodedata.east_asian_width(character) in "WFA" else 6


def _tenths(text: str) -> int:
    return sum(map(_character_tenths, text))


def _upright_tenths(text: str) -> int:
    return 10 * len(clusters(text))


class _Piece(NamedTuple):
    """Text that stays on one line: its width and that of its trailing spaces in tenths of a cell."""

    text: str
    width: int
    space: int
    tear_cost: int


def _lines(text: str, width: float, measure: Measure) -> tuple[str, ...]:
    if width < 1:
        raise ValueError("A line must hold at least one full-width character.")
    whole, limit = text.strip(), int(width * 10 + 1e-6)
    if not whole:
        return ()
    if measure(whole) <= limit:
        return (whole,)
    return _fewest_lines(list(_pieces(whole, limit, measure, level=0)), limit)


def _pieces(text: str, limit: int, measure: Measure, level: int) -> Iterator[_Piece]:
    """Cut into pieces that fit a line; what does not fit is cut again by the next, less careful knife."""
    for index, part in enumerate(KNIVES[level](text)):
        width = measure(part)
        space = width - measure(part.rstrip())
        tear_cost = TEAR_COSTS[level] if index else 0
        if width - space <= limit or level == len(KNIVES) - 1:
            yield _Piece(part, width, space, tear_cost)
        else:
            for piece in _pieces(part, limit, measure, level + 1):
                yield piece._replace(tear_cost=max(tear_cost, piece.tear_cost))
                tear_cost = 0


def _cut_between_words(text: str) -> list[str]:
    return _join_unless(_may_break_at, LISTED_WORDS.findall(text))


def _cut_where_allowed(text: str) -> list[str]:
    found = [text[0]]
    for before, after in pairwise(text):
        if _belong_together(before, after):
            found[-1] += after
        else:
            found.append(after)
    return found


def _cut_between_clusters(text: str) -> list[str]:
    found: list[str] = []
    for cluster in clusters(text):
        if found and cluster.isspace():
            found[-1] += cluster
        else:
            found.append(cluster)
    return found


KNIVES: tuple[Callable[[str], tuple[str, ...] | list[str]], ...] = (
    phrases,
    _cut_between_words,
    _cut_where_allowed,
    _cut_between_clusters,
    LOOSE_CHARACTERS.findall,
)


def _fewest_lines(pieces: list[_Piece], limit: int) -> tuple[str, ...]:
    """The cheapest way to fill lines: squared slack evens them out, of equals the longer first line wins."""
    cost_up_to = [0] * (len(pieces) + 1)
    line_begins = [0] * (len(pieces) + 1)
    for end in range(1, len(pieces) + 1):
        used, cheapest = -pieces[end - 1].space, -1
        for begin in range(end - 1, -1, -1):
            used += pieces[begin].width
            if used > limit and begin < end - 1:
                break
            slack = limit - used
            cost = cost_up_to[begin] + LINE_COST + pieces[begin].tear_cost + slack * slack
            if cheapest < 0 or cost < cheapest:
                cheapest, line_begins[end] = cost, begin
        cost_up_to[end] = cheapest
    lines: list[str] = []
    end = len(pieces)
    while end:
        begin = line_begins[end]
        lines.append("".join(piece.text for piece in pieces[begin:end]).rstrip())
        end = begin
    return tuple(reversed(lines))
