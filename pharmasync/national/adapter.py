"""What a version of the national API must offer; version 1 is one such adapter, version 2 will stand beside it."""

from typing import Protocol

from attrs import field, frozen

from pharmasync.documents import Document, DocumentType
from pharmasync.national.http import Call, Request, Response
from pharmasync.words import Words


@frozen
class Account:
    """An account at the national API."""

    name: str
    password: str = field(repr=False)


@frozen(kw_only=True)
class Stored:
    """The document is stored nationally.

    Attributes:
        national_id: Its id, where the API told one.
        note: What is worth knowing about how it was stored.
    """

    national_id: str | None
    note: Words | None = None


class Adapter(Protocol):
    """A version of the API.

    Every method raises :class:`~pharmasync.errors.UnavailableError` where the server cannot answer now.
    """

    def login(self, call: Call, account: Account) -> str:
        """A token.

        Raises:
            CredentialsRefusedError: The account or its password is wrong, or it is locked, or may be: another login
                with them could lock it.
        """

    def authorised(self, request: Request, token: str) -> Request:
        """The same request with the token."""

    def token_refused(self, response: Response) -> bool:
        """Whether an answer says that the token is not, or no longer, good."""

    def create(self, call: Call, kind: DocumentType, document: Document) -> Stored:
        """Stores the document.

        Raises:
            AlreadyStoredError: The API has it.
            RefusedError: It will not be taken.
            UncertainError: Whether it is stored is not known.
        """

    def correct(self, call: Call, kind: DocumentType, document: Document) -> Stored:
        """Stores the document over the one that the API has.

        Raises:
            NotStoredError: The API has none.
            RefusedError: It will not be taken.
            UncertainError: Whether it is stored is not known.
        """

    def find(self, call: Call, kind: DocumentType, document: Document) -> Stored | None:
        """The stored document, or None where it is not there, cannot be read, or the answer does not say.

        Raises:
            ForeignDocumentError: The API has another document under this code.
            NotStoredError: The API says that it is not there.
        """

    def body(self, kind: DocumentType, document: Document) -> dict[str, object]:
        """The document as this version writes it, for the journal."""

    def personal_fields(self) -> frozenset[str]:
        """The names of the fields of :meth:`body` that name a person."""
