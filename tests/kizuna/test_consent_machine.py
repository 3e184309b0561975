"""From no sequence of steps by any mix of people does a line become public without two organisations, or end without them.

The machine knows who belongs where from what it did itself, and what should be public from the log of steps alone.
"""

import re

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from goals.outline import outline
from kizuna.actions import StepRefusedError
from kizuna.figure.builder import build_graph
from kizuna.linkage_content import LinkageContent
from kizuna.models import Linkage, LinkageStep
from kizuna.outline import kizuna_outline
from plan_portal.foundation.models import PublishedChange
from tests.kizuna.consent import Table
from tests.kizuna.consent_log import Told

pytestmark = pytest.mark.django_db

GROUPS = {"市・編集": ("city", False), "市・承認": ("city", True), "社協": ("shakyo", True)}
PEOPLE = (
    *("city editor", "approver", "approver 2", "shakyo", "shakyo 2", "both sides", "admin", "admin of the city"),
    *("gone approver", "gone shakyo", "citizen", "approver without the mark of staff"),
)
WRITING = ("save_proposal", "propose")
STEPS = (*WRITING, "withdraw", "discard", "send_back", "agree", "ask_end", "withdraw_end", "refuse_end", "end")
WORD = re.compile(r"かなりあ(\d+)ばん")
LIKELY = ("shakyo", "shakyo 2", "approver", "approver 2", "city editor")
SITUATIONS = ["started", "proposed", "agreed", "asked to end"]
people = st.sampled_from(PEOPLE)
likely_people = st.sampled_from((*LIKELY, *PEOPLE))
likely_steps = st.sampled_from((*STEPS, *("agree", "end") * 3))
numbers = st.integers(0, 1)


class Consent(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.table = Table(kizuna_goals=2)
        self.words = 0
        self.log: list[tuple] = []
        self.looked_at = 0
        self.groups = {
            name: set(user.groups.values_list("name", flat=True)) for name, user in self.table.people.items()
        }
        self.active = {name: user.is_active for name, user in self.table.people.items()}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # What people do

    def linkage(self, number: int) -> Linkage | None:
        return Linkage.objects.filter(kizuna_goal=self.table.kizuna_goals[number]).first()

    def new_content(self, number: int, broken: str = "") -> LinkageContent:
        self.words += 1
        text = f"かなりあ{self.words}ばん"
        content = {"partners": f"{text}の会", "since": None if broken == "since" else 2027}
        if broken == "pairs":
            content["pairs"] = self.table.content("", self.table.kizuna_goals[1 - number]).pairs
        return self.table.content(f"{text}。", self.table.kizuna_goals[number], **content)

    def attempt(
        self, step: str, who: str, number: int, *, broken: str = "", late: int = 0, comment: str = "理由"
    ) -> None:
        """The step, taken or refused; if it is taken, the log says for which side, and that is true."""
        linkage, given = self.linkage(number), {"comment": comment}
        count = LinkageStep.objects.count()
        if step in WRITING:
            given["content"] = self.new_content(number, broken)
        if step == "discard":
            del given["comment"]
        try:
            if step == "start":
                self.table.started(who, number)
            elif linkage is not None:
                self.table.take(step, who, linkage, version=linkage.edit_version - late, **given)
        except StepRefusedError:
            pass
        except ValidationError:
            if not broken:
                raise
        if LinkageStep.objects.count() == count:
            return
        assert LinkageStep.objects.count() == count + 1
        assert not late
        newest = LinkageStep.objects.first()
        sides = {GROUPS[group][0] for group in self.groups[who]}
        assert newest.person_id == self.table.people[who].pk
        assert {newest.organisation} == sides
        assert any(GROUPS[group][1] for group in self.groups[who])
        assert self.active[who]
        assert self.table.people[who].is_staff

    @rule(who=people, number=numbers)
    def start(self, who: str, number: int) -> None:
        self.attempt("start", who, number)

    @rule(
        step=st.sampled_from(STEPS),
        who=people,
        number=numbers,
        broken=st.sampled_from(["", "", "", "since", "pairs"]),
        late=st.sampled_from([0, 0, 0, 1]),
        comment=st.sampled_from(["理由", "理由", ""]),
    )
    def any_step(self, step: str, who: str, number: int, broken: str, late: int, comment: str) -> None:
        self.attempt(step, who, number, broken=broken, late=late, comment=comment)

    def bring(self, number: int, situation: str) -> None:
        """The linkage to where the people who should do so get it, as far as that is possible from where it is."""
        for who, group in (("shakyo", "社協"), ("approver", "市・承認")):
            self.move(who, {group})
            if not self.active[who]:
                self.turn_on_or_off(who)
        steps = ["start", "propose", "agree", "ask_end"]
        for step in steps[: SITUATIONS.index(situation) + 1]:
            self.attempt(step, "approver" if step == "agree" else "shakyo", number)

    @rule(
        number=numbers,
        situation=st.sampled_from(SITUATIONS),
        steps=st.lists(st.tuples(likely_steps, likely_people, st.booleans()), min_size=1, max_size=4),
    )
    def from_a_situation(self, number: int, situation: str, steps: list[tuple[str, str, bool]]) -> None:
        """Most sequences of chance get nowhere; these begin where something is at stake."""
        self.bring(number, situation)
        for step, who, moved in steps:
            if moved:
                self.change_sides(who)
            self.attempt(step, who, number)

    @rule(
        number=numbers,
        pen=st.sampled_from([*WRITING, "discard"]),
        who=st.sampled_from(["shakyo", "shakyo 2"]),
        answers=st.sampled_from(["approver", "approver 2"]),
    )
    def the_pen_is_taken_up_again(self, number: int, pen: str, who: str, answers: str) -> None:
        self.bring(number, "proposed")
        self.attempt(pen, who, number)
        self.attempt("agree", answers, number)

    @rule(number=numbers, step=st.sampled_from(["agree", "send_back"]), who=likely_people, late=st.integers(0, 1))
    def an_answer(self, number: int, step: str, who: str, late: int) -> None:
        self.bring(number, "proposed")
        self.attempt(step, who, number, late=late)

    @rule(number=numbers, asks=st.sampled_from(LIKELY), answers=st.sampled_from(LIKELY))
    def an_end(self, number: int, asks: str, answers: str) -> None:
        self.bring(number, "agreed")
        self.attempt("ask_end", asks, number)
        self.attempt("end", answers, number)

    @rule(number=numbers, who=st.sampled_from(LIKELY), decisive=st.sampled_from(["agree", "end"]))
    def one_person_sits_on_both_sides_in_turn(self, number: int, who: str, decisive: str) -> None:
        self.bring(number, "started" if decisive == "agree" else "agreed")
        self.move(who, {"社協"})
        self.attempt("propose" if decisive == "agree" else "ask_end", who, number)
        self.move(who, {"市・承認"})
        self.attempt(decisive, who, number)

    # What the administrator does

    @rule(who=people, groups=st.sets(st.sampled_from(sorted(GROUPS)), max_size=2))
    def move(self, who: str, groups: set[str]) -> None:
        self.table.people[who].groups.set(Group.objects.filter(name__in=groups))
        self.groups[who] = groups

    @rule(who=people)
    def change_sides(self, who: str) -> None:
        self.move(who, {"社協"} if self.groups[who] == {"市・承認"} else {"市・承認"})

    @rule(who=people)
    def turn_on_or_off(self, who: str) -> None:
        user = self.table.people[who]
        # As somebody with the admin of another browser does: the object that a step is given still says otherwise.
        type(user).objects.filter(pk=user.pk).update(is_active=not self.active[who])
        self.active[who] = not self.active[who]

    # What holds whatever they do

    def told(self) -> dict[int, Told]:
        """By the number of the きずな計画's goal."""
        found: dict[int, Told] = {}
        for step in LinkageStep.objects.order_by("pk").select_related("linkage__kizuna_goal"):
            found.setdefault(step.linkage.kizuna_goal.number, Told()).take(step)
        return found

    @invariant()
    def the_log_only_grows(self) -> None:
        log = [tuple(row) for row in LinkageStep.objects.order_by("pk").values_list()]
        kept = [str(row) for row in log[: len(self.log)]]
        assert kept == [str(row) for row in self.log]
        self.log = log

    @invariant()
    def public_is_what_two_organisations_said(self) -> None:
        told = self.told()
        agreed = {number: one.agreed for number, one in told.items() if one.agreed}
        ended = {number: one.ended for number, one in told.items() if one.ended}
        rows = {row.kizuna_goal.number: row for row in Linkage.objects.readable().select_related("kizuna_goal")}
        assert {n: LinkageContent.of_linkage(row) for n, row in rows.items() if not row.is_ended} == agreed
        assert {n: LinkageContent.of_linkage(row) for n, row in rows.items() if row.is_ended} == ended
        assert set(Linkage.objects.agreed()) == {row for row in rows.values() if not row.is_ended}
        plan = self.table.goal.plan
        graph = build_graph(plan, outline(plan), kizuna_outline(plan))
        assert {(link.goal, link.kizuna_goal) for link in graph.links} == {(self.table.goal.number, n) for n in agreed}
        assert all(link.agreed for link in graph.links)
        words = {int(word) for change in PublishedChange.objects.all() for word in WORD.findall(str(change.changes))}
        said = {int(w) for step in LinkageStep.objects.filter(step="agreed") for w in WORD.findall(str(step.content))}
        assert words == said

    @invariant()
    def pages_show_it_and_nothing_else(self) -> None:
        if len(self.log) == self.looked_at:
            return
        self.looked_at = len(self.log)
        told, client = self.told(), Client()
        agreed = {int(word) for one in told.values() if one.agreed for word in WORD.findall(one.agreed.summary)}
        ended = {int(word) for one in told.values() if one.ended for word in WORD.findall(one.ended.summary)}
        pages = {
            self.table.goal.get_absolute_url(): agreed | ended,
            "/search/?q=かなりあ": agreed,
            "/data/linkages.csv": agreed,
            "/relationship/": set(),
            self.table.initiatives[0].get_absolute_url(): agreed,
        }
        for address, expected in pages.items():
            text = re.sub(r"<[^>]*>", "", client.get(address).content.decode())
            assert {int(word) for word in WORD.findall(text)} == expected, address


def test_nothing_is_public_without_two_organisations():
    run_state_machine_as_test(
        Consent,
        settings=settings(max_examples=40, stateful_step_count=12, suppress_health_check=list(HealthCheck)),
    )


def test_the_machine_gets_as_far_as_an_end():
    """Else it would show nothing."""
    machine = Consent()
    machine.bring(0, "asked to end")
    machine.attempt("end", "approver", 0)
    machine.bring(0, "agreed")
    machine.bring(1, "asked to end")
    machine.attempt("end", "approver", 1)
    machine.the_log_only_grows()
    machine.public_is_what_two_organisations_said()
    machine.pages_show_it_and_nothing_else()
    assert len(machine.log) == (4 + 1 + 3) + (4 + 1)
    assert {one.state for one in Linkage.objects.all()} == {"agreed", "ended"}
    machine.teardown()
