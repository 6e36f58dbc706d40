"""A refusal: why a call was not carried out, on its way to the answer."""

from attrs import frozen


@frozen
class RefusedError(Exception):
    """The server refuses the call.

    Attributes:
        code: The code of the answer, such as 400.
        reason: Why, in Vietnamese, without anything that differs from document to document, so that it can be counted.
        line: The number of the document's line at fault, from 1.
        http_status: The HTTP status, where it does not follow from the switch ``refuse_with``.
    """

    code: int
    reason: str
    line: int | None = None
    http_status: int | None = None

    @property
    def message(self) -> str:
        """The reason with the line's number."""
        return self.reason if self.line is None else f"Dòng {self.line}: {self.reason}"
