"""The whole product runs; afterwards everything that it left behind is searched for people."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jwt
import pytest
from conversation_driver import free_port
from cryptography.fernet import Fernet
from journeys import JURVEREIN, walk
from widget_client import WidgetClient

from bot.server.models import ensure_model
from bot.settings import PROJECT
from bot.storage import Database
from bot.storage.tables import METADATA

NOW = "2026-11-20T10:00:00+01:00+"
START_SECONDS = 180
KEY = Fernet.generate_key().decode()
STATUTES = b"%PDF-1.7\n% Satzung: Kassenwart Zwirbelhuber\ntrailer\n<<>>\n%%EOF\n"

PERSON = {
    **JURVEREIN,
    "club_name": "Quastenflosse Oberzwirbel e.V.",
    "address": "Knickweg 17, 94562 Zwirbelstadt",
    "representative_salutation": "Frau Xanthippe Knotenmeier",
    "mobile_phone": "0171 98765432",
    "email": "xanthippe.knotenmeier@quastenflosse.example",
    "landline_phone": "089 53981222",
    "club_benefits_person": "Balthasar Wurzelsepp",
    "criminal_proceedings_details": "Verfahren wegen Untreue gegen den Zeugwart, Az. 7 Js 4711/26",
    "prior_insurance_insurer": ["Murmeltier Rechtsschutz AG", "Alpenveilchen Versicherung"],
    "prior_insurance_policy_number": ["MRS-998877", "APV-665544"],
    "account_holder": "Leokadia Sparstrumpf",
    "account_holder_address": "Münzgasse 9, 80331 München",
    "remarks": "Bitte nach dem Jodelkurs anrufen",
    "signed_place": "Zwirbelstadt",
}
MARKS = (
    "Quastenflosse", "Oberzwirbel", "Knickweg", "Zwirbelstadt", "Knotenmeier", "knotenmeier",
    "Xanthippe", "98765432", "53981222", "Wurzelsepp", "Untreue", "Zeugwart", "4711/26",
    "Murmeltier", "Alpenveilchen", "998877", "665544", "Sparstrumpf", "Jodelkurs",
    "DE89370400440532013000", "3704 0044 0532", "Zwirbelhuber", "Geheimsatzung",
)  # fmt: skip


@dataclass(frozen=True)
class Product:
    """The running product and every place where it leaves something behind."""

    folder: Path
    address: str

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    def database(self) -> Database:
        return Database(f"sqlite:///{self.data_dir}/bot.sqlite3", [KEY])

    def left_behind(self) -> dict[str, bytes]:
        """Every file but the model and what was handed over, which the insurer is to read."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and "handoff" not in path.parts and "models" not in path.parts
        }

    def opened(self, conversation_id: str | None = None) -> str:
        """Every stored row with its payload decrypted, of one conversation or of all."""
        database, found = self.database(), []
        with database.reading() as unit:
            for table in METADATA.sorted_tables:
                for row in unit.execute(table.select()).mappings():
                    if conversation_id in (None, row.get("conversation_id")):
                        found += [_opened(database, value) for value in row.values()]
        database.close()
        return "\n".join(found)


def _opened(database: Database, value: object) -> str:
    return database.vault.open(value).decode("latin-1") if isinstance(value, bytes) else str(value)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("product")
    models = PROJECT / "var" / "models"
    ensure_model(models, print)
    for name in ("data", "tmp"):
        (folder / name).mkdir()
    (folder / "data" / "models").symlink_to(models)
    port = free_port()
    variables = {
        "BOT_DATA_DIR": str(folder / "data"),
        "BOT_DATA_KEYS": KEY,
        "BOT_PORT": str(port),
        "BOT_ACTIONS_PORT": str(free_port()),
        "BOT_NOW": NOW,
        "BOT_LOG_LEVEL": "DEBUG",
        "BOT_MESSAGES_PER_SECOND": "1000",
        "BOT_MESSAGE_BURST": "1000",
        "TMPDIR": str(folder / "tmp"),
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=PROJECT,
            env={**os.environ, **variables},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        give_up = time.monotonic() + START_SECONDS
        while b"Ready: " not in (folder / "log").read_bytes():
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < give_up, (folder / "log").read_text()
            time.sleep(0.2)
        yield Product(folder, f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


@pytest.fixture
def person(product: Product) -> Iterator[WidgetClient]:
    client = WidgetClient(product.address).begin()
    yield client
    client.close()


def conversation_of(person: WidgetClient) -> str:
    token = person.session
    return str(jwt.decode(token, options={"verify_signature": False})["sub"])


def assert_nobody_is_readable(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        found = [mark for mark in MARKS if mark.encode() in content or mark in name]
        assert found == [], name


def until_submission(person: WidgetClient) -> None:
    walk(person, PERSON, until="statutes")
    person.upload("statutes", "Geheimsatzung.pdf", STATUTES)
    walk(person, PERSON, until="submission")


def test_an_ordinary_application_leaves_nothing_readable_behind(product, person) -> None:
    until_submission(person)
    person.say("äh, was kostet das? Xanthippe Knotenmeier fragt")
    person.get("/messages")
    assert person.get("/application.pdf").content.startswith(b"%PDF")
    conversation_id = conversation_of(person)
    files = product.left_behind()
    assert conversation_id.encode() in files["data/bot.sqlite3"] + files["data/bot.sqlite3-wal"]
    assert_nobody_is_readable(files)
    # The search is not vain: whoever has the key finds everything.
    opened = product.opened(conversation_id)
    for mark in ("Knotenmeier", "Untreue", "DE89370400440532013000"):
        assert mark in opened
    walk(person, PERSON)
    reference = re.search(r"KS-\w{4}-\w{4}", person.text)[0]
    handed = product.data_dir / "handoff" / reference / "application.json"
    give_up = time.monotonic() + 30
    while not handed.exists():
        assert time.monotonic() < give_up
        time.sleep(0.2)
    assert "Untreue" in handed.read_text(encoding="utf-8")
    assert_nobody_is_readable(product.left_behind())


def test_after_erasure_nothing_is_left_even_for_whoever_has_the_key(product, person) -> None:
    until_submission(person)
    conversation_id = conversation_of(person)
    assert "Knotenmeier" in product.opened(conversation_id)
    person.say("meine Daten löschen").say("ja")
    assert product.opened(conversation_id) == ""
    files = product.left_behind()
    assert_nobody_is_readable(files)
    assert [n for n, content in files.items() if conversation_id.encode() in content] == []


def test_a_damaged_request_and_an_unreadable_document_are_not_logged(product, person) -> None:
    walk(person, PERSON, until="club_name")
    sent = person.get("/application?Knotenmeier=Untreue")
    assert sent.status_code == 200
    with pytest.raises(AssertionError, match="file_type"):
        person.upload("statutes", "Geheimsatzung.pdf", b"Zwirbelhuber")
    assert_nobody_is_readable(product.left_behind())
