"""What all factories share."""

from factory.django import DjangoModelFactory


class Counted(DjangoModelFactory):
    """Sequences start at 101 in each test, so that they never meet the small numbers that tests write themselves."""

    class Meta:
        abstract = True

    @classmethod
    def _setup_next_sequence(cls) -> int:
        return 101
