"""The success criteria of JIS X 8341-3:2016 at the levels A and AA, by the names that the standard gives them."""

from typing import NamedTuple


class Criterion(NamedTuple):
    number: str
    level: str
    name: str

    @property
    def title(self) -> str:
        """1.1.1 非テキストコンテンツ"""
        return f"{self.number} {self.name}"


CRITERIA = (
    Criterion("1.1.1", "A", "非テキストコンテンツ"),
    Criterion("1.2.1", "A", "音声だけ及び映像だけ（収録済み）"),
    Criterion("1.2.2", "A", "キャプション（収録済み）"),
    Criterion("1.2.3", "A", "音声解説又はメディアに対する代替コンテンツ（収録済み）"),
    Criterion("1.2.4", "AA", "キャプション（ライブ）"),
    Criterion("1.2.5", "AA", "音声解説（収録済み）"),
    Criterion("1.3.1", "A", "情報及び関係性"),
    Criterion("1.3.2", "A", "意味のある順序"),
    Criterion("1.3.3", "A", "感覚的な特徴"),
    Criterion("1.4.1", "A", "色の使用"),
    Criterion("1.4.2", "A", "音声の制御"),
    Criterion("1.4.3", "AA", "コントラスト（最低限レベル）"),
    Criterion("1.4.4", "AA", "テキストのサイズ変更"),
    Criterion("1.4.5", "AA", "文字画像"),
    Criterion("2.1.1", "A", "キーボード"),
    Criterion("2.1.2", "A", "キーボードトラップなし"),
    Criterion("2.2.1", "A", "タイミング調整可能"),
    Criterion("2.2.2", "A", "一時停止，停止及び非表示"),
    Criterion("2.3.1", "A", "3回のせん（閃）光，又はしきい（閾）値以下"),
    Criterion("2.4.1", "A", "ブロックスキップ"),
    Criterion("2.4.2", "A", "ページタイトル"),
    Criterion("2.4.3", "A", "フォーカス順序"),
    Criterion("2.4.4", "A", "リンクの目的（コンテキスト内）"),
    Criterion("2.4.5", "AA", "複数の手段"),
    Criterion("2.4.6", "AA", "見出し及びラベル"),
    Criterion("2.4.7", "AA", "フォーカスの可視化"),
    Criterion("3.1.1", "A", "ページの言語"),
    Criterion("3.1.2", "AA", "一部分の言語"),
    Criterion("3.2.1", "A", "フォーカス時"),
    Criterion("3.2.2", "A", "入力時"),
    Criterion("3.2.3", "AA", "一貫したナビゲーション"),
    Criterion("3.2.4", "AA", "一貫した識別性"),
    Criterion("3.3.1", "A", "エラーの特定"),
    Criterion("3.3.2", "A", "ラベル又は説明"),
    Criterion("3.3.3", "AA", "エラー修正の提案"),
    Criterion("3.3.4", "AA", "エラー回避（法的，金融及びデータ）"),
    Criterion("4.1.1", "A", "構文解析"),
    Criterion("4.1.2", "A", "名前（name），役割（role）及び値（value）"),
)
BY_NUMBER = {criterion.number: criterion for criterion in CRITERIA}
NUMBERS = tuple(BY_NUMBER)


def criterion_choices() -> list[tuple[str, str]]:
    return [(criterion.number, criterion.title) for criterion in CRITERIA]
