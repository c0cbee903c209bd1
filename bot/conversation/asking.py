"""Asking the open question: the wording, what must be read before it, and the choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import legal
from bot.application.display import display, label
from bot.application.questions import Question, question
from bot.application.relevance import conflict, next_question
from bot.conversation.reply import Choice, Prompt, Reply
from bot.conversation.reviewing import show_review
from bot.conversation.turn import Turn, choice
from bot.texts import entry, has, text


def current_question(turn: Turn) -> Question | None:
    """The question that is open: one that was called up again, else the first without an answer."""
    draft = turn.draft
    if draft.returning_to:
        called = question(draft.returning_to)
        if called.relevant(draft.answers):
            return called
        draft.returning_to = None
    return next_question(draft.answers)


def ask(turn: Turn, *, error: str = "", preface: str = "", words: str | None = None) -> None:
    """Ask the open question.

    ``error`` says what was wrong with the last answer to it; ``words`` replace its wording where
    that was read just before.
    """
    asked = current_question(turn)
    if asked is None:
        turn.draft.open_question = None
        return
    # Whatever else was asked is settled or left: the next yes is meant for this question.
    turn.draft.pending = None
    before = len(turn.replies)
    intro = ""
    if turn.draft.open_question != asked.key:
        turn.draft.failures = 0
        turn.draft.errors.clear()
        intro = _section_intro(turn, asked)
    turn.draft.open_question = asked.key
    _show_what_must_be_read(turn, asked)
    if intro and len(turn.replies) > before:
        turn.replies.insert(before, Reply(text=intro))
        intro = ""
    question_words = wording(turn, asked) if words is None else words
    parts = (error, intro, preface, question_words)
    turn.tell(
        "\n\n".join(part for part in parts if part),
        choices=choices_for(turn, asked),
        question=prompt_for(turn, asked, error or None),
    )
    if words is None:
        _record_asked(turn, asked)


def repeat(turn: Turn) -> None:
    """Come back to the open question after something else, if there is one."""
    asked = current_question(turn) if turn.draft.status == "open" else None
    if asked is None:
        return
    pending = turn.draft.pending
    if pending is not None and pending.kind in ("facts", "adopt"):
        turn.say(
            "still_to_confirm",
            choices=[choice("take_over", "confirm:yes"), choice("leave_it", "confirm:no")],
        )
        return
    if turn.draft.open_question != asked.key:
        ask(turn)
        return
    ask(turn, preface=text("conversation.back_to"), words=_short_wording(turn, asked))


def _short_wording(turn: Turn, asked: Question) -> str:
    """A question whose legal wording was just read is repeated by its own short question."""
    own = f"questions.{asked.key}.{_ask_variant(turn, asked)}"
    return text(own) if asked.legal and has(own) else wording(turn, asked)


def _show_what_must_be_read(turn: Turn, asked: Question) -> None:
    _show_notices(turn, asked)
    if asked.key == "documents_received":
        _show_contract_documents(turn)
    if asked.key == "review":
        show_review(turn)


def wording(turn: Turn, asked: Question) -> str:
    """The question as it is asked, with the answer that it had before."""
    before = answer_before(turn, asked)
    words = question_words(turn, asked)
    return f"{words}\n\n{text('conversation.answer_before', value=before)}" if before else words


def question_words(turn: Turn, asked: Question) -> str:
    """The question itself: the insurer's wording where it has one, else our own."""
    parts = []
    base = f"questions.{asked.key}"
    if asked.legal:
        if has(f"{base}.lead_in"):
            parts.append(text(f"{base}.lead_in"))
        parts.append(legal.document(asked.legal).text)
        variant = _ask_variant(turn, asked)
        if has(f"{base}.{variant}"):
            parts.append(text(f"{base}.{variant}"))
    else:
        parts.append(text(f"{base}.{_ask_variant(turn, asked)}"))
    return "\n\n".join(parts)


def _ask_variant(turn: Turn, asked: Question) -> str:
    variants = []
    if asked.key == "prior_insurance_insurer" and turn.answers.get("prior_insurances"):
        variants.append("ask_next")
    if asked.required(turn.answers):
        variants.append("ask_required")
    return next((each for each in variants if has(f"questions.{asked.key}.{each}")), "ask")


def answer_before(turn: Turn, asked: Question) -> str:
    """The answer that the question had, as people read it; empty if it had none."""
    answers: Mapping[str, Any] = {**turn.draft.previous_answers, **turn.answers}
    if asked.internal and asked.key != "prior_insurance_insurer":
        return ""
    known = [name for name in asked.fields if answers.get(name) is not None]
    return ", ".join(display(name, answers[name]) for name in known if name != "bic")


def choices_for(turn: Turn, asked: Question) -> list[Choice]:
    """What can be tapped instead of typed."""
    control = asked.kind.control
    offered: list[Choice] = []
    if control == "yes_no":
        own = f"conversation.yes_no.{asked.key}"
        yes, no = entry(own) if has(own) else entry("conversation.yes_no.default")
        offered += [
            Choice(title=yes, payload=f"answer:{asked.key}:true"),
            Choice(title=no, payload=f"answer:{asked.key}:false"),
        ]
    elif control in ("choice", "choices"):
        offered += [
            Choice(title=title, payload=f"answer:{asked.key}:{code}")
            for code, title in _code_titles(turn, asked).items()
        ]
    elif control == "upload":
        offered.append(choice("later", f"answer:{asked.key}:later"))
        if asked.key in turn.answers:
            offered.insert(0, choice("enough", "command:continue"))
    offered += _suggestions(turn, asked)
    if not asked.required(turn.answers):
        own = f"conversation.skip.{asked.key}"
        default = "unchanged" if asked.may_stay(turn.answers) else "default"
        title = text(own if has(own) else f"conversation.skip.{default}")
        offered.append(Choice(title=title, payload=f"answer:{asked.key}:skip"))
    if may_keep(turn, asked):
        offered.append(choice("keep", "command:keep"))
    return offered


def may_keep(turn: Turn, asked: Question) -> bool:
    """Whether a question was called up again whose answer may stay as it is."""
    if turn.draft.returning_to != asked.key or asked.kind.control in ("yes_no", "upload"):
        return False
    return bool(answer_before(turn, asked))


def _code_titles(turn: Turn, asked: Question) -> dict[str, str]:
    offered = asked.kind.constraints(turn.context(asked))["choices"]
    return {
        each["value"]: each["title"]
        for each in offered
        if not conflict(asked.key, {**turn.answers, asked.key: each["value"]})
    }


def _suggestions(turn: Turn, asked: Question) -> list[Choice]:
    """Answers that are likely because of others; tapping one is an answer like any other."""
    answers = turn.answers
    if asked.key == "signatory" and answers.get("representative_last_name"):
        name = f"{answers['representative_first_name']} {answers['representative_last_name']}"
        return [Choice(title=name, payload="suggest:signatory")]
    if asked.key == "signed_place" and answers.get("city"):
        return [Choice(title=answers["city"], payload="suggest:signed_place")]
    return []


def suggested_value(turn: Turn, key: str) -> str | None:
    """The answer that a tapped suggestion stands for; ``None`` if it is not offered now."""
    for each in _suggestions(turn, question(key)):
        if each.payload == f"suggest:{key}":
            return each.title
    return None


def prompt_for(turn: Turn, asked: Question, error: str | None) -> Prompt:
    """The open question for the channel's control."""
    return Prompt(
        field=asked.key,
        type=asked.kind.control,
        section=asked.section,
        label=label(asked.key),
        required=asked.required(turn.answers),
        constraints=asked.kind.constraints(turn.context(asked)),
        error=error,
    )


def _section_intro(turn: Turn, asked: Question) -> str:
    mark = f"section:{asked.section}"
    key = f"questions.sections.{asked.section}.intro"
    if mark in turn.draft.shown or turn.draft.returning_to or not has(key):
        return ""
    turn.draft.shown.append(mark)
    return text(key)


def _show_notices(turn: Turn, asked: Question) -> None:
    """The insurer's notices that must be read before this question, each once, each by itself."""
    for name in asked.notices:
        document = legal.document(name)
        mark = f"notice:{name}:{document.version}"
        if mark in turn.draft.shown:
            continue
        turn.draft.shown.append(mark)
        turn.tell(f"{document.title}\n\n{document.text}")
        turn.record_wording("shown", name, document)


def _show_contract_documents(turn: Turn) -> None:
    """The documents that have to be there before the signature, each with its version."""
    documents = legal.documents_before_signature()
    mark = f"documents:{','.join(f'{each.id}:{each.version}' for each in documents)}"
    if mark in turn.draft.shown:
        return
    turn.draft.shown.append(mark)
    listed = "\n".join(
        text("conversation.contract_document", title=each.title, version=each.version)
        for each in documents
    )
    turn.say("contract_documents", documents=listed)
    for each in documents:
        turn.record_wording("shown", each.id, each)


def _record_asked(turn: Turn, asked: Question) -> None:
    if asked.legal:
        turn.record_wording("asked", asked.key, legal.document(asked.legal))
    elif not asked.internal:
        turn.record("asked", asked.key)
