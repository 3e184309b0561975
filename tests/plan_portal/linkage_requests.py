"""What may be sent to the pages of linkages, and by whom: each step is for the roles that STEPS names, all else changes nothing."""

from typing import Any

from django.urls import reverse

from kizuna.models import Linkage
from tests.plan_portal.admin_world import World

LINKAGE_PAGES = ("add", "change", "delete", "matrix", "figure", "new", "discard")
SHAKYO, DECIDES = ("社協",), ("市・承認",)
STEPS = {
    ("writing", "_save"): SHAKYO,
    ("writing", "_propose"): SHAKYO,
    ("waiting", "_withdraw"): SHAKYO,
    ("waiting", "_return"): DECIDES,
    ("waiting", "_agree"): DECIDES,
    ("agreed", "_ask_end"): (*SHAKYO, *DECIDES),
    ("asked", "_withdraw_end"): SHAKYO,
    ("asked", "_refuse_end"): DECIDES,
    ("asked", "_end"): DECIDES,
}
Request = dict[str, Any]  # the fields of a Case of test_permission_matrix.py


def linkage_requests(world: World, page: str) -> list[Request]:
    writing, known = world.linkages["writing"], list(world.linkages.values())
    ends = {"goal": world.other["other_goal"].pk, "kizuna_goal": writing.kizuna_goal_id}
    pair = f"{world.other['other_initiative'].pk}-{world.other['item'].pk}"
    begun = {"version": 0, "summary": "文", "pairs": pair, "_save": ""}
    stock = {**ends, "summary": "文", "state": "agreed", "_save": ""}
    for_shakyo = {"needs": "v", "get_needs": "roles", "roles": SHAKYO}
    requests = {
        "add": [{"url": _url("add"), "body": stock}],
        "matrix": [{"url": _url("matrix"), "body": {"_agree": ""}, "get_needs": "v"}],
        "figure": [{"url": _url("figure"), "body": {"_agree": ""}, "get_needs": "v"}],
        "new": [{"url": _url("new", *ends.values()), "body": begun, **for_shakyo}],
        "delete": [{"url": _url("delete", linkage.pk), "body": {"post": "yes"}} for linkage in known],
        "discard": [{"url": _url("discard", writing.pk), "body": {"version": writing.edit_version}, **for_shakyo}],
        "change": [_step(world.linkages[standing], button, roles) for (standing, button), roles in STEPS.items()],
    }
    return requests[page]


def _url(page: str, *keys: int) -> str:
    return reverse(f"admin:kizuna_linkage_{page}", args=keys)


def _step(linkage: Linkage, button: str, roles: tuple[str, ...]) -> Request:
    body = {"version": linkage.edit_version, "comment": "伝言", "summary": "直した文", "since": "令和9", button: ""}
    proposal = getattr(linkage, "proposal", None)
    if proposal is not None:
        body["pairs"] = ["-".join(str(key) for key in pair) for pair in proposal.pairs]
    return {"url": _url("change", linkage.pk), "body": body, "needs": "v", "get_needs": "v", "roles": roles}
