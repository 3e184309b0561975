"""Numbers in addresses."""

from django.urls import register_converter


class PlanNumber:
    """A number of the plan as it stands in an address: 1 to 999, ASCII digits, no leading zero."""

    regex = "[1-9][0-9]{0,2}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(PlanNumber, "number")
