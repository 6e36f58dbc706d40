"""What a run of the demo is to be: how many documents, how bad the weather, how much time."""

from attrs import frozen

FAULTS = {
    "error_500": 0.04,
    "error_503": 0.01,
    "html_502": 0.01,
    "rate_limited": 0.02,
    "lost_answer": 0.03,
    "cut_before": 0.01,
    "truncated_json": 0.01,
    "expired_token": 0.02,
}
"""One call in seven goes wrong."""

LIMIT_SECONDS = 90.0
CLOSING_SECONDS = 12.0
"""The run ends within the limit; so much of it is kept for the count and for stopping everything."""

USUAL_DOCUMENTS = 600
SECONDS_A_FURTHER_DOCUMENT = 0.1


@frozen(kw_only=True)
class Plan:
    """What is to be run.

    Attributes:
        documents: How many documents.
        seed: What documents and faults are drawn from.
        keep: Whether it goes on running after the verdict.
    """

    documents: int = USUAL_DOCUMENTS
    seed: int = 1
    keep: bool = False

    @property
    def watch_seconds(self) -> float:
        """How long the documents may take, from the start on."""
        further = max(0, self.documents - USUAL_DOCUMENTS)
        return LIMIT_SECONDS - CLOSING_SECONDS + further * SECONDS_A_FURTHER_DOCUMENT
