"""Words that are written in more than one way, in each line the same word: what one writes finds what another wrote.

Only spellings of one word, never words of like meaning: what a citizen finds must hold what was asked for.
"""

SAME_WORDS = (
    ("障がい", "障害", "障碍", "しょうがい"),
    ("子ども", "子供", "こども"),
    ("取り組み", "取組み", "取組", "とりくみ"),
    ("一人ひとり", "一人一人", "ひとりひとり"),
    ("支え合い", "支えあい", "ささえあい"),
    ("支え合う", "支えあう", "ささえあう"),
    ("まちづくり", "街づくり", "町づくり"),
    ("困りごと", "困り事"),
    ("共に", "ともに"),
    ("きずな", "絆"),
)
