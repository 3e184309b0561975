from kizuna.models.kizuna_goal import KizunaGoal
from kizuna.models.kizuna_item import KizunaItem
from kizuna.models.kizuna_plan import KizunaPlan
from kizuna.models.linkage import Linkage, LinkagePair, LinkageState, Standing, turn_of
from kizuna.models.linkage_proposal import LinkageProposal, LinkageStep, ProposalState

__all__ = [
    "KizunaGoal",
    "KizunaItem",
    "KizunaPlan",
    "Linkage",
    "LinkagePair",
    "LinkageProposal",
    "LinkageState",
    "LinkageStep",
    "ProposalState",
    "Standing",
    "turn_of",
]
