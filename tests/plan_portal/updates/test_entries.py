"""How much of a published change is shown, and how before and after stand in one text."""

import pytest

from plan_portal.foundation.text_diff import Kind
from plan_portal.updates.entries import ALONE, AMONG_OTHERS, Room, differences, entry
from tests.factories import PublishedChangeFactory


def words(pieces):
    signs = {Kind.SAME: "{}", Kind.GONE: "[-{}]", Kind.NEW: "[+{}]", Kind.REST: "{}"}
    return "".join(signs[piece.kind].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("相談を受け付けます。", "相談を電話で受け付けます。", "相談を[+電話で]受け付けます。"),
        ("", "新しい文です。", "[+新しい文です。]"),
        ("（空）", "見本グループ", "[+見本グループ]"),
        ("見本グループ", "（空）", "[-見本グループ]"),
        ("確認待ち", "確認済", "確認[-待ち][+済]"),
        ("令和8年度（2026年度）", "令和12年度（2030年度）", "令和[-8年度（2026][+12年度（2030]年度）"),
        ("同じ文です。", "同じ文です。", "同じ文です。"),
        ("", "", ""),
    ],
)
def test_differences_stand_within_the_sentence(before, after, shown):
    assert words(differences(before, after)) == shown


def made(*changes, **fields):
    rows = [{"field": f"欄{n}", "before": before, "after": after} for n, (before, after) in enumerate(changes)]
    return PublishedChangeFactory.build(changes=rows, **fields)


def test_a_long_change_is_cut_and_says_so():
    long, room = made(("", "あ" * 5000), ("", "い" * 5000), ("前", "後"), note="う" * 5000), Room(texts=100, piece=80)
    shown = entry(long, room)
    assert [words(field.pieces) for field in shown.fields] == [f"[+{'あ' * 80}…]", f"[+{'い' * 19}…]"]
    assert shown.rest == ["欄2"]
    assert shown.note == f"{'う' * 100}…"
    assert (shown.is_cut, shown.is_long) == (True, True)


def test_many_pieces_end_where_the_room_ends():
    before, after = ("".join(f"{sign}まとまった文の{n}番。" for n in range(9)) for sign in "甲乙")
    [field] = entry(made((before, after)), Room(texts=20, piece=80)).fields
    assert words(field.pieces).endswith("…")
    assert sum(len(piece.text) for piece in field.pieces) <= 24


def test_a_short_change_is_whole_and_open():
    shown = entry(made(("前の文です。", "後の文です。")), AMONG_OTHERS)
    assert (shown.is_cut, shown.is_long, shown.rest) == (False, False, [])


def test_alone_there_is_more_room():
    change = made(("", "文" * 400))
    assert entry(change, AMONG_OTHERS).is_cut
    assert not entry(change, ALONE).is_cut


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example/", "https://evil.example/", ""])
def test_only_pages_of_the_portal_are_linked(url):
    assert entry(made(url=url), ALONE).url == ""
    assert entry(made(url="/goals/1/"), ALONE).url == "/goals/1/"
