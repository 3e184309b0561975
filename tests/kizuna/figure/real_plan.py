"""The 47 titles of 図４１ as printed, with addresses of our own; the links are samples (見本), for tests only."""

from kizuna.figure.graph import Goal, Graph, Link, Part, Side

CITY = Side(
    name="登別市地域福祉計画（登別市）",
    ideal=("『温もりある福祉のまち\u3000のぼりべつ』",),
    goal_label="基本目標",
    part_label="目標達成のための取組",
    ideal_label="基本理念",
    url="/plan/#section-1",
    goals=(
        Goal(
            1,
            "共に支え合うまちづくり",
            "/goals/1/",
            (
                Part("(1)", "ノーマライゼーション理念の普及", "/goals/1/1/"),
                Part("(2)", "包括的な支援体制の構築", "/goals/1/2/"),
                Part("(3)", "地域福祉活動の推進", "/goals/1/3/"),
            ),
            field="福祉推進体制の整備",
        ),
        Goal(
            2,
            "のびやかな人生が息づくまちづくり",
            "/goals/2/",
            (
                Part("(1)", "長寿社会の基盤づくり", "/goals/2/1/"),
                Part("(2)", "高齢者福祉の充実", "/goals/2/2/"),
                Part("(3)", "介護サービスの充実", "/goals/2/3/"),
            ),
            field="高齢者福祉",
        ),
        Goal(
            3,
            "健康を守り育てるまちづくり",
            "/goals/3/",
            (
                Part("(1)", "健康づくり意識の確立", "/goals/3/1/"),
                Part("(2)", "保健予防活動の充実", "/goals/3/2/"),
                Part("(3)", "地域医療の充実", "/goals/3/3/"),
            ),
            field="健康推進",
        ),
        Goal(
            4,
            "やさしさに満ちたまちづくり",
            "/goals/4/",
            (
                Part("(1)", "障がい者（児）への理解", "/goals/4/1/"),
                Part("(2)", "障がい者（児）の自立支援", "/goals/4/2/"),
                Part("(3)", "障がい者（児）の社会参加の促進", "/goals/4/3/"),
            ),
            field="障がい者（児）福祉",
        ),
        Goal(
            5,
            "安心して子どもを生み、健やかに育つまちづくり",
            "/goals/5/",
            (
                Part("(1)", "子育ての不安と負担の軽減", "/goals/5/1/"),
                Part("(2)", "児童虐待の防止", "/goals/5/2/"),
            ),
            field="子育て",
        ),
        Goal(
            6,
            "男女が共に参画するまちづくり",
            "/goals/6/",
            (
                Part("(1)", "男女の人権が尊重される社会の実現", "/goals/6/1/"),
                Part("(2)", "男女があらゆる分野に参画することができる社会の実現", "/goals/6/2/"),
            ),
            field="男女共同参画",
        ),
        Goal(
            7,
            "安全で安心して暮らせるまちづくり",
            "/goals/7/",
            (
                Part("(1)", "自立した暮らしへの支援", "/goals/7/1/"),
                Part("(2)", "総合防災体制の整備", "/goals/7/2/"),
                Part("(3)", "地域ぐるみでの見守り・防犯体制の整備", "/goals/7/3/"),
                Part(
                    "(4)",
                    "再犯防止等の推進（登別市再犯防止推進計画）",
                    "/goals/7/4/",
                    own_plan="登別市再犯防止推進計画",
                ),
            ),
            field="困窮者支援、防災、防犯、再犯防止",
        ),
    ),
)

KIZUNA = Side(
    name="きずな計画（社協）",
    ideal=(
        "心豊かに「きずな」を紡ぎ護り育てることで、",
        "一人ひとりを大切にする共生共存のまちをつくります",
    ),
    goal_label="基本目標",
    part_label="基本計画",
    ideal_label="基本理念",
    url="/kizuna/",
    goals=(
        Goal(
            1,
            "きずなを育て確かめる",
            "/kizuna/goals/1/",
            (
                Part("①", "きずな活動の推進", "/kizuna/items/1/"),
                Part("②", "きずな共育（福祉教育）の推進", "/kizuna/items/2/"),
                Part("③", "きずな（地域）の拠点づくり", "/kizuna/items/3/"),
            ),
            subtitle="～福祉の意識と関心を高める取り組み～",
        ),
        Goal(
            2,
            "きずなを護り強める",
            "/kizuna/goals/2/",
            (
                Part("④", "小地域ネットワーク活動の推進", "/kizuna/items/4/", placement_confirmed=False),
                Part("⑤", "ともに生きる地域づくり", "/kizuna/items/5/", placement_confirmed=False),
                Part("⑥", "災害時の支え合い活動の推進", "/kizuna/items/6/", placement_confirmed=False),
            ),
            subtitle="～支え合う地域をつくる取り組み～",
        ),
        Goal(
            3,
            "きずなを紡ぎ支える",
            "/kizuna/goals/3/",
            (
                Part("⑦", "孤立させない地域づくりの推進", "/kizuna/items/7/", placement_confirmed=False),
                Part("⑧", "安心して暮らし続けられる地域づくりの推進", "/kizuna/items/8/", placement_confirmed=False),
            ),
            subtitle="～困りごとを解決する取り組み～",
        ),
        Goal(
            4,
            "きずなを結び深め広げる",
            "/kizuna/goals/4/",
            (
                Part("⑨", "ボランティアセンター機能の充実", "/kizuna/items/9/", placement_confirmed=False),
                Part("⑩", "身近な暮らしの情報ネットワークの促進", "/kizuna/items/10/", placement_confirmed=False),
            ),
            subtitle="～地域の協力体制をつくる取り組み～",
        ),
        Goal(
            5,
            "きずなを高め保障する",
            "/kizuna/goals/5/",
            (
                Part("⑪", "社協の基盤強化", "/kizuna/items/11/", placement_confirmed=False),
                Part("⑫", "財政基盤整備", "/kizuna/items/12/", placement_confirmed=False),
                Part("⑬", "公的事業の実施・受託", "/kizuna/items/13/", placement_confirmed=False),
                Part(
                    "⑭", "地域福祉を推進するための職員の配置と資質向上", "/kizuna/items/14/", placement_confirmed=False
                ),
                Part(
                    "⑮",
                    "地域福祉実践計画の進捗管理と地域福祉計画との連帯",
                    "/kizuna/items/15/",
                    placement_confirmed=False,
                ),
            ),
            subtitle="～きずなの推進体制を確立する取り組み～",
        ),
    ),
)

SAMPLE_PAIRS = ((1, 1), (1, 2), (1, 4), (2, 2), (2, 3), (3, 3), (4, 2), (4, 3), (5, 2), (6, 1), (7, 2), (7, 3), (7, 5))


def real_graph(links: tuple[Link, ...] | None = None) -> Graph:
    """The printed plan, with thirteen sample links unless others are given."""
    if links is None:
        links = tuple(Link(goal, kizuna_goal, sample=True) for goal, kizuna_goal in SAMPLE_PAIRS)
    return Graph("図４１", "登別市地域福祉計画・きずな計画の関係性", CITY, KIZUNA, links)


def all_links() -> tuple[Link, ...]:
    return tuple(Link(goal.number, across.number) for goal in CITY.goals for across in KIZUNA.goals)
