"""Records of the two plans."""

from datetime import date
from io import BytesIO

import factory
from PIL import Image

from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Department, Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan, Linkage, LinkagePair, LinkageProposal, LinkageStep
from plan_portal.foundation.choices import EditionState
from sdgs.models import GoalSdgLink, PlanSdg, Sdg, SdgIcon
from tests.factories.base import Counted


class PlanFactory(Counted):
    """A 現行 plan of a municipality of its own; `preparing=True` or `ended=True` for the other states."""

    class Meta:
        model = Plan

    class Params:
        preparing = factory.Trait(state=EditionState.PREPARING)
        ended = factory.Trait(state=EditionState.ENDED)

    municipality = factory.Sequence(lambda n: f"第{n:04d}市")
    ordinal = 3
    name = factory.LazyAttribute(lambda plan: f"{plan.municipality}地域福祉計画")
    ideal = "『温もりある福祉のまち　のぼりべつ』"
    figure_number = 41
    figure_caption = "登別市地域福祉計画・きずな計画の関係性"
    state = EditionState.CURRENT


class PlanSectionFactory(Counted):
    class Meta:
        model = PlanSection

    plan = factory.Maybe(
        "parent",
        yes_declaration=factory.SelfAttribute("parent.plan"),
        no_declaration=factory.SubFactory(PlanFactory),
    )
    parent = None
    position = factory.Sequence(lambda n: (n - 1) % 999 + 1)
    slug = factory.Sequence(lambda n: f"s{n}")
    heading = factory.Sequence(lambda n: f"見出し{n}")
    body = factory.Sequence(lambda n: f"節{n}の1つ目の段落。\n\n節{n}の2つ目の段落。")


class BasicGoalFactory(Counted):
    class Meta:
        model = BasicGoal

    plan = factory.SubFactory(PlanFactory)
    number = factory.Sequence(lambda n: (n - 1) % 999 + 1)
    title = factory.Sequence(lambda n: f"目標{n}のまちづくり")
    title_ruby = factory.LazyAttribute(lambda goal: goal.title.replace("目標", "{目標|もくひょう}"))
    field = factory.Sequence(lambda n: f"分野{n}")


class SdgFactory(Counted):
    """One of the 17: asking again for a number gives the same row."""

    class Meta:
        model = Sdg
        django_get_or_create = ("number",)

    number = factory.Sequence(lambda n: (n - 1) % 17 + 1)
    name = factory.LazyAttribute(lambda sdg: f"ゴール{sdg.number}")
    name_en = factory.LazyAttribute(lambda sdg: f"Goal {sdg.number}")
    colour = factory.LazyAttribute(lambda sdg: f"#E5243{sdg.number % 10}")


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8), colour: str = "#4C9F38", **options: object) -> bytes:
    """A picture file of one colour."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **options)
    return file.getvalue()


class SdgIconFactory(Counted):
    class Meta:
        model = SdgIcon

    sdg = factory.SubFactory(SdgFactory)
    image = factory.LazyFunction(picture)
    conditions_confirmed = True


class PlanSdgFactory(Counted):
    class Meta:
        model = PlanSdg

    plan = factory.SubFactory(PlanFactory)
    sdg = factory.SubFactory(SdgFactory)


class GoalSdgLinkFactory(Counted):
    """`sample=True` makes a 見本."""

    class Meta:
        model = GoalSdgLink

    class Params:
        sample = factory.Trait(is_sample=True, reason=factory.Sequence(lambda n: f"見本：理由{n}"))

    goal = factory.SubFactory(BasicGoalFactory)
    sdg = factory.SubFactory(SdgFactory)
    reason = factory.Sequence(lambda n: f"理由{n}")


class DepartmentFactory(Counted):
    """`sample=True` makes a 見本."""

    class Meta:
        model = Department

    class Params:
        sample = factory.Trait(is_sample=True, name=factory.Sequence(lambda n: f"見本 第{n}グループ"))

    name = factory.Sequence(lambda n: f"第{n}グループ")


class InitiativeFactory(Counted):
    class Meta:
        model = Initiative

    goal = factory.SubFactory(BasicGoalFactory)
    number = factory.Sequence(lambda n: (n - 1) % 999 + 1)
    title = factory.Sequence(lambda n: f"取組{n}の推進")
    title_ruby = factory.LazyAttribute(
        lambda initiative: initiative.title.replace("取組", "{取組|とりくみ}").replace("推進", "{推進|すいしん}")
    )


class KizunaPlanFactory(Counted):
    """The きずな計画 beside a city plan: asking again for the same city plan gives the same row."""

    class Meta:
        model = KizunaPlan
        django_get_or_create = ("city_plan", "key")

    city_plan = factory.SubFactory(PlanFactory)
    key = "kizuna"
    name = "きずな計画"
    organisation = "社協"
    ideal = "心豊かに「きずな」を紡ぎ護り育てることで、一人ひとりを大切にする共生共存のまちをつくります"
    state = EditionState.CURRENT


class KizunaGoalFactory(Counted):
    class Meta:
        model = KizunaGoal

    plan = factory.SubFactory(KizunaPlanFactory)
    number = factory.Sequence(lambda n: (n - 1) % 999 + 1)
    title = factory.Sequence(lambda n: f"きずなを結ぶ{n}")
    title_ruby = factory.LazyAttribute(lambda goal: goal.title.replace("結", "{結|むす}"))
    subtitle = factory.Sequence(lambda n: f"～副題{n}～")


class KizunaItemFactory(Counted):
    """The placement is 確認待ち; the plan follows the goal by itself."""

    class Meta:
        model = KizunaItem

    goal = factory.SubFactory(KizunaGoalFactory)
    number = factory.Sequence(lambda n: (n - 1) % 999 + 1)
    title = factory.Sequence(lambda n: f"きずな計画{n}の推進")
    title_ruby = factory.LazyAttribute(
        lambda item: item.title.replace("計画", "{計画|けいかく}").replace("推進", "{推進|すいしん}")
    )


class LinkageFactory(Counted):
    """A linkage that nobody agreed on; `agreed=True` for one that citizens see, `ended=True`, `sample=True` for a 見本.

    Give `goal` or `kizuna_goal` or both; the missing end is made beside the other.
    """

    class Meta:
        model = Linkage

    class Params:
        agreed = factory.Trait(state="agreed", agreed_on=date(2026, 4, 1))
        ended = factory.Trait(state="ended", agreed_on=date(2026, 4, 1), ended_on=date(2027, 3, 31))
        sample = factory.Trait(is_sample=True, summary=factory.Sequence(lambda n: f"見本の文です。{n}つ目。"))

    goal = factory.SubFactory(BasicGoalFactory)
    kizuna_goal = factory.SubFactory(KizunaGoalFactory, plan__city_plan=factory.SelfAttribute("...goal.plan"))
    summary = factory.Sequence(lambda n: f"一緒に行うこと{n}")

    @classmethod
    def _generate(cls, strategy: str, params: dict) -> Linkage:
        if "kizuna_goal" in params and "goal" not in params:
            params.setdefault("goal__plan", params["kizuna_goal"].plan.city_plan)
        return super()._generate(strategy, params)


class LinkagePairFactory(Counted):
    """A pair whose 取組 and 基本計画 belong to the linkage's two ends."""

    class Meta:
        model = LinkagePair

    linkage = factory.SubFactory(LinkageFactory)
    initiative = factory.SubFactory(InitiativeFactory, goal=factory.SelfAttribute("..linkage.goal"))
    item = factory.SubFactory(KizunaItemFactory, goal=factory.SelfAttribute("..linkage.kizuna_goal"))


class LinkageProposalFactory(Counted):
    """What 社協 writes; `state="waiting"` for what the city has to answer. Without pairs unless given."""

    class Meta:
        model = LinkageProposal

    linkage = factory.SubFactory(LinkageFactory, summary="")
    summary = factory.Sequence(lambda n: f"提案{n}の文")
    since = 2027


class LinkageStepFactory(Counted):
    class Meta:
        model = LinkageStep

    linkage = factory.SubFactory(LinkageFactory)
    person_id = factory.Sequence(lambda n: n)
    step = LinkageStep.Step.STARTED
