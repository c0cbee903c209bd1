"""The insurer's legal wording as versioned data, quoted exactly from the printed form.

One YAML file per edition, named for its version; the newest one counts for new applications.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


class MissingLegalText(KeyError):
    """There is no such wording, or no such edition."""


@dataclass(frozen=True)
class LegalText:
    """A wording of the insurer; paragraphs are separated by a blank line.

    ``source`` is the section of the printed form in German; ``sha256`` is the hash of ``text`` in
    UTF-8 that evidence refers to.
    """

    id: str
    title: str
    version: str
    source: str
    text: str
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        digest = sha256(self.text.encode("utf-8")).hexdigest()
        object.__setattr__(self, "sha256", digest)


@dataclass(frozen=True)
class ContractDocument:
    """A document that the section "Unterschrift" of the form names as handed over.

    ``legal`` is its wording; ``None`` if the insurer hands it over itself.
    """

    id: str
    title: str
    version: str
    legal: LegalText | None

    @property
    def sha256(self) -> str | None:
        """The hash of the wording; ``None`` if the insurer hands it over itself."""
        return self.legal.sha256 if self.legal else None


@dataclass(frozen=True)
class Edition:
    """Everything that one printing of the form says."""

    version: str
    creditor_identifier: str
    texts: Mapping[str, LegalText]
    documents_before_signature: tuple[ContractDocument, ...]


def versions() -> tuple[str, ...]:
    """The versions of all editions, oldest first."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


@cache
def edition(version: str | None = None) -> Edition:
    """The edition ``version``, by default the newest.

    Raises:
        MissingLegalText: there is no such edition.
    """
    known = versions()
    wanted = version or known[-1]
    if wanted not in known:
        raise MissingLegalText(wanted)
    content = (FOLDER / f"{wanted}.yml").read_text(encoding="utf-8")
    return _edition(yaml.load(content, Loader=yaml.CSafeLoader))


def document(id: str, version: str | None = None) -> LegalText:
    """The wording ``id``, by default in the newest edition.

    Raises:
        MissingLegalText: there is no such wording or edition.
    """
    try:
        return edition(version).texts[id]
    except KeyError:
        raise MissingLegalText(id) from None


def documents_before_signature() -> tuple[ContractDocument, ...]:
    """The contract documents named in the form's section "Unterschrift", in its order."""
    return edition().documents_before_signature


def _edition(data: Mapping[str, Any]) -> Edition:
    version = data["version"]
    texts = {
        id: LegalText(id, entry["title"], version, entry["source"], _paragraphs(entry["text"]))
        for id, entry in data["texts"].items()
    }
    documents = tuple(
        ContractDocument(
            id=entry["id"],
            title=entry["title"],
            version=entry.get("version", f"zum Antragsformular {version}"),
            legal=texts[entry["text"]] if "text" in entry else None,
        )
        for entry in data["documents_before_signature"]
    )
    return Edition(version, data["creditor_identifier"], texts, documents)


def _paragraphs(raw: str) -> str:
    """``raw`` without the line breaks of the data file inside its paragraphs."""
    paragraphs = re.split(r"\n\s*\n", raw.strip())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


CREDITOR_IDENTIFIER = edition().creditor_identifier
"""The insurer's SEPA creditor identifier (form section "Zahlungsart")."""
