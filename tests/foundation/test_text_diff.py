"""What changed in a text, short enough to read."""

import pytest

from plan_portal.foundation import text_diff


class TestTextDiff:
    def test_pieces_tell_what_went_and_what_came(self) -> None:
        pieces = text_diff.compare("市は、相談を支援します。", "市は、相談を早期に支援します。")
        assert [(piece.kind, piece.text) for piece in pieces] == [
            ("same", "市は、相談を"),
            ("new", "早期に"),
            ("same", "支援します。"),
        ]

    def test_long_unchanged_stretches_are_cut(self) -> None:
        shown = "".join(piece.text for piece in text_diff.compare("あ" * 300 + "い", "あ" * 300 + "う"))
        assert len(shown) < 40

    @pytest.mark.parametrize(
        "texts", [("。" * 8000, "、" * 8000), ("あ" * 8000, "い" * 8000), ("あ。" * 4000, "い。" * 4000)]
    )
    def test_work_and_length_are_bounded(self, texts: tuple[str, str]) -> None:
        pieces = text_diff.compare(*texts)
        assert sum(len(piece.text) for piece in pieces) < 500

    def test_more_changes_than_shown_are_announced(self) -> None:
        before, after = ("".join(f"同じ文{n}。{word}{n}。" for n in range(60)) for word in ("はじめの文", "あとの文言"))
        pieces = text_diff.compare(before, after)
        assert len(pieces) == text_diff.MAX_PIECES + 1
        assert pieces[-1].kind == "rest"
