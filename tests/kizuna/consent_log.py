"""The log of a linkage, read by rules of its own: what it says must be public."""

from dataclasses import dataclass, field

from kizuna.linkage_content import LinkageContent
from kizuna.models import LinkageStep


@dataclass
class Told:
    """What the log tells of one linkage."""

    writers: set[int] = field(default_factory=set)
    proposed: LinkageContent | None = None
    asked: tuple[str, int] | None = None
    agreed: LinkageContent | None = None
    ended: LinkageContent | None = None

    def take(self, step: LinkageStep) -> None:
        if step.step in ("started", "saved", "proposed"):
            assert step.organisation == "shakyo"
            self.writers.add(step.person_id)
            self.proposed = LinkageContent.from_json(step.content) if step.step == "proposed" else None
        elif step.step in ("withdrawn", "returned"):
            assert step.organisation == ("shakyo" if step.step == "withdrawn" else "city")
            self.proposed = None
        elif step.step == "discarded":
            self.writers, self.proposed = set(), None
        elif step.step == "agreed":
            assert self.proposed == LinkageContent.from_json(step.content)
            assert step.organisation == "city"
            assert step.person_id not in self.writers
            self.writers, self.proposed, self.agreed, self.ended = set(), None, self.proposed, None
        elif step.step == "end_asked":
            assert self.agreed is not None
            self.asked = (step.organisation, step.person_id)
        elif step.step in ("end_withdrawn", "end_refused"):
            self.asked = None
        else:
            assert step.step == "ended"
            assert {self.asked[0], step.organisation} == {"city", "shakyo"}
            assert step.person_id != self.asked[1]
            self.asked, self.agreed, self.ended = None, None, self.agreed
