from initiatives.models.department import Department
from initiatives.models.initiative import Initiative

__all__ = ["Department", "Initiative"]
