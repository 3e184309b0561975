from kizuna.models.kizuna_goal import KizunaGoal
from kizuna.models.kizuna_item import KizunaItem
from kizuna.models.kizuna_plan import KizunaPlan
from kizuna.models.linkage import Linkage, LinkagePair, LinkageState

__all__ = ["KizunaGoal", "KizunaItem", "KizunaPlan", "Linkage", "LinkagePair", "LinkageState"]
