"""What the roof itself keeps."""

from tests import factories as f

CONSTRAINTS = {"digest_one_a_day": lambda: f.SentDigestFactory.build(day=f.SentDigestFactory().day)}
