"""What can go wrong with a store, in words for whoever works with it."""

from collections.abc import Sequence
from datetime import datetime

from shareshift.basics.errors import ShareshiftError
from shareshift.store.records import Draft, Version

REMEDY = "Everything else can be read; a backup may still hold it."


class StoreError(ShareshiftError):
    """The store cannot do what it was asked: the message says where, what, and what to do."""


class UnknownScenario(StoreError):  # noqa: N818
    """No saved scenario or draft under this id that this owner may touch.

    The words are the same for an id that does not exist and for somebody else's, so that ids cannot be probed.
    """

    def __init__(self) -> None:
        """Say the one sentence there is."""
        super().__init__("There is nothing here under this id that is yours to use. Check the link, or save a copy.")


class DamagedFile(StoreError):  # noqa: N818
    """The file itself can no longer be read as a database."""


class Damaged(StoreError):  # noqa: N818
    """One row holds what this program has not written there; every other row can be read as before."""

    def __init__(self, where: str) -> None:
        """Name the row, without what it holds."""
        super().__init__(f"{where[:1].upper()}{where[1:]} is damaged. {REMEDY}")


class ContentError(StoreError):
    """What should be stored breaks the limits; `faults` holds a sentence for every one of them."""

    def __init__(self, faults: Sequence[str]) -> None:
        """Keep the faults, one a line in the message."""
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class EditConflict(StoreError):  # noqa: N818
    """Somebody saved in between; `found` is the version that is there now, `expected` the number worked from."""

    def __init__(self, found: Version, expected: int) -> None:
        """Say what is there now; nothing was overwritten."""
        self.found, self.expected = found, expected
        by = f" by {found.author}" if found.author else ""
        super().__init__(
            f"“{found.title}” is at version {found.number}, saved{by} on {_words(found.saved_at)}, and your changes "
            f"started from version {expected}. Nothing was overwritten: compare the two, then save on top of "
            f"version {found.number} or as a copy."
        )


class DraftConflict(StoreError):  # noqa: N818
    """A draft was written elsewhere in between; `found` is the draft that is there now, `revision` the one refused."""

    def __init__(self, found: Draft, revision: int) -> None:
        """Say what is there now; nothing was overwritten."""
        self.found, self.revision = found, revision
        super().__init__(
            f"The draft “{found.title}” was changed in another tab on {_words(found.saved_at)}. Nothing was "
            "overwritten: go on from there, or keep yours as a new draft."
        )


def _words(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d at %H:%M:%S} UTC"
