"""The reference's pages of answers and signals, from the sentences that reports give people."""

from __future__ import annotations

from collections.abc import Mapping

from schema_tables import cell

from automation.core.signals import FlowKind, vocabulary
from automation.core.verdicts import Owner, Reason, Verdict
from automation.reports.messages import REASONS, VERDICTS, Message
from automation.text.language import Language, language

_OWNERS = {
    Owner.ACCOUNT_HOLDER: {"en": "the account's holder", "fr": "le titulaire du compte"},
    Owner.FLOW_AUTHOR: {"en": "whoever maintains the flow", "fr": "qui entretient le parcours"},
    Owner.TEMOIN: {"en": "whoever runs Témoin", "fr": "qui fait tourner Témoin"},
}
_WORDS = {
    "en": {
        "title": "# Answers and reasons",
        "about": "What reports say of each, and what to do. [What an answer means](../verdicts.md) comes first.",
        "verdicts": "| verdict | meaning | what to do |",
        "reasons": "| reason | verdict | meaning | what to do | who can act |",
    },
    "fr": {
        "title": "---\nlang: fr\n---\n\n# Réponses et raisons",
        "about": "Ce que les rapports en disent. D'abord : [ce que veut dire une réponse](../verdicts.md#français).",
        "verdicts": "| verdict | ce que cela veut dire | que faire |",
        "reasons": "| raison | verdict | ce que cela veut dire | que faire | qui peut agir |",
    },
}


def page(lang: str) -> str:
    """Every verdict and every reason in one language."""
    words, said = _WORDS[lang], language(lang)
    return "\n".join(
        [
            f"{words['title']}\n\n{words['about']}\n",
            *_head(words["verdicts"]),
            *(_row([f"`{verdict.value}`", *_texts(VERDICTS[verdict], said)]) for verdict in Verdict),
            "",
            *_head(words["reasons"]),
            *(_reason(reason, said, lang) for reason in Reason),
        ]
    )


def signals() -> str:
    """Every signal, by the kinds of flows that can read it."""
    titles: Mapping[FlowKind, str] = {
        FlowKind.CONTROL: "Settings that one control shows",
        FlowKind.OBJECTION: "Forms with an inbox",
    }
    parts = [
        "# Signals\n\nWhat the states of a flow may need and forbid ([how states are judged](../flows.md#states))."
    ]
    for kind, title in titles.items():
        rows = [_row([f"`{name}`", " or ".join(name.kinds), cell(name.sentence)]) for name in vocabulary(kind)]
        parts.append("\n".join([f"## {title}\n", *_head("| signal | kind | what was seen |"), *rows]))
    return "\n\n".join(parts)


def _head(row: str) -> list[str]:
    return [row, "|---" * (row.count("|") - 1) + "|"]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _texts(message: Message, said: Language) -> list[str]:
    steps = [said.gettext(step).replace("%(account)s", "…") for step in message.steps]
    return [cell(said.gettext(message.meaning)), cell(" ".join(steps))]


def _reason(reason: Reason, said: Language, lang: str) -> str:
    texts = _texts(REASONS[reason], said)
    return _row([f"`{reason.value}`", f"`{reason.verdict.value}`", *texts, _OWNERS[reason.owner][lang]])
