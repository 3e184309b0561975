from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from plan_portal.foundation.furigana import clean_ruby, has_kanji
from plan_portal.foundation.history import content_history
from plan_portal.foundation.lexicon import Lexicon
from plan_portal.foundation.models.abstract import not_blank


class ReadingQuerySet(models.QuerySet["Reading"]):
    def suggested_for(self, text: str) -> str:
        """`text` with the readings that the words of this set give it, as `{護|まも}り` markup: for people to check."""
        words = dict(self.order_by("word").values_list("word", "ruby"))
        return "".join(f"{{{base}|{reading}}}" if reading else base for base, reading in Lexicon(words).read(text))

    def in_order(self) -> ReadingQuerySet:
        return self.order_by("word")

    def get_by_natural_key(self, word: str) -> Reading:
        return self.get(word=word)


class Reading(models.Model):
    """読みの辞書: how a word of the running text or of the portal itself is read. Titles carry readings of their own.

    A word of one kanji counts only where that kanji stands alone; with the kana that follow it (育み) it is the surer entry.
    """

    word = models.CharField(
        "ことば",
        max_length=60,
        unique=True,
        help_text="漢字の入ったことば。送りがなまで書くと、確かになります。例：育み",
    )
    ruby = models.CharField(
        "ふりがな", max_length=200, help_text="漢字に読みを付けて書きます。例：{育|はぐく}み、{地域|ちいき}"
    )

    history = content_history()
    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "読みの辞書"
        ordering = ["word"]
        constraints = [not_blank("word", "reading_word_given"), not_blank("ruby", "reading_ruby_given")]

    def __str__(self) -> str:
        return self.word

    def natural_key(self) -> tuple[str]:
        return (self.word,)

    def clean(self) -> None:
        if self.word and not has_kanji(self.word):
            raise ValidationError({"word": "漢字が入っていません。読みを付けることばを書いてください。"})
        clean_ruby(self.ruby, self.word, "ruby")
