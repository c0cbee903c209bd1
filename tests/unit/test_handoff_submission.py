"""A submission holds everything that was answered, asked and shown, and happens once."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from stored_data import everything_stored

from bot import clock, legal
from bot.application.questions import QUESTIONS
from bot.handoff.protocol import answer, title_of
from bot.handoff.references import is_reference
from bot.handoff.seal import is_sealed
from bot.rating import RatingRequest, quote
from bot.storage import Database, DocumentStore, DraftStore, StaleDraft
from bot.storage.applications import ApplicationStore
from bot.storage.outbox import Outbox
from tests import handoff_cases as cases
from tests.handoff_cases import submit

NOW = "2026-11-20T10:00:00+01:00"


@pytest.fixture(autouse=True)
def _frozen(monkeypatch) -> None:
    monkeypatch.setenv("BOT_NOW", NOW)


@pytest.fixture
def database(tmp_path: Path, database_url: str) -> Database:
    return cases.open_database(tmp_path, database_url)


def envelope_of(database: Database, tmp_path: Path, answers) -> dict:
    reference = cases.submitted(database, tmp_path, answers).reference
    return ApplicationStore(database).envelope(reference)


def test_every_answer_arrives_under_its_contract_name(database, tmp_path) -> None:
    envelope = envelope_of(database, tmp_path, cases.EVERYTHING)
    application = envelope["application"]
    for name, value in cases.EVERYTHING.items():
        if name not in ("statutes", "claims_overview"):
            assert application[name] == value, name
    assert application["statutes"]["documents"] == [envelope["documents"][0]["id"]]
    assert application["claims_overview"] == {"delivery": "later", "documents": []}
    assert application["broker_number"] == "4711"
    assert application["broker_name"] == "Makler Süd GmbH"
    assert application["signed_at"] == NOW
    assert application["landline_phone"] == "+498931234567"


def test_what_was_not_asked_is_null_not_missing(database, tmp_path) -> None:
    application = envelope_of(database, tmp_path, cases.QUOTE)["application"]
    assert application["iban"] is None
    assert application["signed_at"] is None
    assert application["prior_insurances"] is None


def test_derived_values_quote_and_times(database, tmp_path) -> None:
    envelope = envelope_of(database, tmp_path, cases.EVERYTHING)
    assert envelope["schema_version"] == "1.0"
    assert is_reference(envelope["reference"])
    assert envelope["submitted_at"] == NOW
    assert envelope["channel"] == "widget"
    assert envelope["derived"] == {
        "deductible_start_level": 600,
        "outstanding_documents": ["claims_overview"],
    }
    request = RatingRequest(
        product="jurverein",
        deductible="falling_1000_300",
        member_count=250,
        frequency="monthly",
        family_member_count=4,
    )
    assert envelope["quote"] == quote(request).as_dict()


def test_the_mandate_stands_with_its_wording_and_account(database, tmp_path) -> None:
    envelope = envelope_of(database, tmp_path, cases.EVERYTHING)
    wording = legal.document("sepa_mandate")
    assert envelope["mandate"] == {
        "mandate_reference": envelope["reference"],
        "creditor_identifier": "DE79ZZZ00000024349",
        "text": wording.text,
        "version": wording.version,
        "sha256": wording.sha256,
        "iban": cases.IBAN,
        "bic": "BYLADEM1001",
        "bank_name": "Deutsche Kreditbank Berlin",
        "account_holder": cases.CLUB["club_name"],
        "account_holder_address": None,
        "place": "Oberpöring",
        "granted_at": NOW,
    }


def test_without_a_mandate_there_is_none(database, tmp_path) -> None:
    assert envelope_of(database, tmp_path, cases.EVERYTHING_NO)["mandate"] is None


def test_the_evidence_is_complete_and_quotes_what_it_refers_to(database, tmp_path) -> None:
    envelope = envelope_of(database, tmp_path, cases.EVERYTHING)
    evidence = envelope["evidence"]
    assert [each["item"] for each in evidence[:3]] == list(cases.NOTICES)
    answered = {each["item"]: each["value"] for each in evidence if each["kind"] == "answered"}
    assert answered["criminal_proceedings"] is True
    assert answered["criminal_proceedings_details"] == cases.DETAILS
    assert evidence[-1]["kind"] == "declared"
    wordings = {each["sha256"]: each for each in envelope["wordings"]}
    named = {each["wording_hash"] for each in evidence if each["wording_hash"]}
    assert named == set(wordings)
    for digest, wording in wordings.items():
        assert sha256(wording["text"].encode()).hexdigest() == digest
    assert legal.document("disclosure_notice").text in {
        each["text"] for each in envelope["wordings"]
    }


def test_documents_are_described_with_a_safe_place(database, tmp_path) -> None:
    (document,) = envelope_of(database, tmp_path, cases.EVERYTHING)["documents"]
    assert document["name"] == "Satzung (Änderung).pdf"
    assert document["file"] == "documents/01-statutes-Satzung-Aenderung.pdf"
    assert document["sha256"] == sha256(b"%PDF-1.7").hexdigest()
    assert document["size"] == 8


def test_the_seal_binds_every_part(database, tmp_path) -> None:
    envelope = envelope_of(database, tmp_path, cases.EVERYTHING)
    assert is_sealed(envelope)
    for change in (
        lambda it: it["application"].update(member_count=20),
        lambda it: it["evidence"].pop(),
        lambda it: it["documents"][0].update(sha256="0" * 64),
        lambda it: it.update(submitted_at="2026-11-19T10:00:00+01:00"),
    ):
        altered = json.loads(json.dumps(envelope))
        change(altered)
        assert not is_sealed(altered)


def test_the_draft_is_submitted_and_a_delivery_is_due(database) -> None:
    draft = cases.draft_of(cases.EVERYTHING_NO)
    application = cases.application_of(draft)
    submit(draft, application, cases.quote_of(cases.EVERYTHING_NO), [], database)
    assert draft.new_evidence == []
    stored = DraftStore(database).load("c1")
    assert (stored.status, stored.reference) == ("submitted", draft.reference)
    assert stored.version == draft.version
    (delivery,) = Outbox(database).due(clock.now(), timedelta(hours=2))
    assert (delivery.reference, delivery.destination) == (draft.reference, "folder")


def test_a_copy_loaded_before_the_submission_submits_nothing(database) -> None:
    draft = cases.draft_of(cases.EVERYTHING_NO)
    DraftStore(database).save(draft)
    late = DraftStore(database).load("c1")
    application = cases.application_of(draft)
    submit(draft, application, None, [], database)
    with pytest.raises(StaleDraft):
        submit(late, application, None, [], database)
    assert late.status == "open"
    assert len(Outbox(database).all()) == 1


def test_submitting_in_two_threads_at_once_makes_one_application(database) -> None:
    draft = cases.draft_of(cases.EVERYTHING_NO)
    DraftStore(database).save(draft)
    application = cases.application_of(draft)
    outcomes, barrier = [], threading.Barrier(4)

    def run() -> None:
        own = DraftStore(database).load("c1")
        barrier.wait()
        try:
            outcomes.append(submit(own, application, None, [], database).reference)
        except StaleDraft:
            outcomes.append(None)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 4
    assert outcomes.count(None) == 3
    assert len(ApplicationStore(database).rows()) == len(Outbox(database).all()) == 1


def test_a_draft_that_somebody_else_changed_is_not_submitted(database) -> None:
    draft = cases.draft_of(cases.EVERYTHING_NO)
    DraftStore(database).save(draft)
    mine = DraftStore(database).load("c1")
    draft.answers["club_name"] = "Neu"
    DraftStore(database).save(draft)
    with pytest.raises(StaleDraft):
        submit(mine, cases.application_of(mine), None, [], database)
    assert ApplicationStore(database).rows() == []
    assert mine.status == "open"


def test_a_second_application_in_the_same_conversation_is_its_own(database, tmp_path) -> None:
    draft = cases.draft_of(cases.QUOTE)
    first = submit(draft, cases.application_of(draft), None, [], database).reference
    draft.status, draft.reference = "open", None
    draft.answers = dict(cases.EVERYTHING_NO)
    draft.record(clock.now(), "declared", "submission")
    second = submit(draft, cases.application_of(draft), None, [], database).reference
    assert first != second
    store = ApplicationStore(database)
    assert len(store.envelope(first)["evidence"]) > 1
    assert len(store.envelope(second)["evidence"]) == 1
    assert len(store.of_conversation("c1")) == 2


def test_a_reference_that_is_taken_is_not_used_again(database) -> None:
    taken = cases.draft_of(cases.EVERYTHING_NO, "c1")
    application = cases.application_of(taken)
    first = submit(taken, application, None, [], database).reference
    other = cases.draft_of(cases.EVERYTHING_NO, "c2")
    with pytest.raises(IntegrityError):
        submit(other, application, None, [], database, reference=first)
    assert DraftStore(database).load("c2") is None
    assert len(Outbox(database).all()) == 1


def test_what_was_submitted_is_not_readable_where_it_is_stored(database, tmp_path) -> None:
    cases.submitted(database, tmp_path, cases.EVERYTHING)
    stored = everything_stored(database, tmp_path)
    assert b"c1" in stored
    for personal in (cases.IBAN, "Platzwart", "Oberp", "Zo\u00eb", "verein.example", "Satzung"):
        assert personal.encode() not in stored


def test_documents_belong_to_the_application_once_submitted(database, tmp_path) -> None:
    reference = cases.submitted(database, tmp_path, cases.EVERYTHING).reference
    store = DocumentStore(database, cases.documents_folder(tmp_path))
    (document,) = store.of_application(reference)
    store.delete("c1")
    assert store.content(document.id) == b"%PDF-1.7"


def test_the_protocol_names_everything_in_german() -> None:
    for question in QUESTIONS:
        for name in {question.key, *question.fields}:
            assert title_of(name) != name
    for document in legal.documents_before_signature():
        assert title_of(document.id) == document.title
    assert title_of("privacy_of_this_chat") == "Datenschutzhinweis zu diesem Gespräch"


def test_answers_are_read_as_people_gave_them() -> None:
    def shown(item: str, value: object) -> str | None:
        return answer({"kind": "answered", "item": item, "value": value})

    assert shown("natural_persons_only", True) == "ja"
    assert shown("prior_insurance", False) == "nein"
    assert shown("start_date", "2027-01-01") == "Freitag, 1. Januar 2027"
    assert shown("iban", cases.IBAN) == "DE02 1203 0000 0000 2020 51"
    assert shown("deductible", "fixed_350") == "350 € fest"
    assert shown("period_end", None) == "läuft noch"
    assert shown("landline_phone", None) == "keine Angabe"
    assert shown("unknown_item", {"a": "ü"}) is not None
    assert answer({"kind": "asked", "item": "iban", "value": None}) is None
