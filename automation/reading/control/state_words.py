"""Words for on and off that any service uses, and what a button beside them offers."""

from __future__ import annotations

from collections.abc import Mapping

PLAIN_STATES = {
    "on": True, "off": False, "enabled": True, "disabled": False, "turned on": True, "turned off": False,
    "always on": True, "always off": False,
}  # fmt: skip
"""English words for a state that services share: docs/services.md, section 3."""
STATES_IN: Mapping[str, Mapping[str, bool]] = {
    "de": {
        "ein": True, "an": True, "aktiviert": True, "eingeschaltet": True,
        "aus": False, "deaktiviert": False, "ausgeschaltet": False,
    },
    "fr": {"activé": True, "activée": True, "désactivé": False, "désactivée": False},
    "es": {"activado": True, "activada": True, "desactivado": False, "desactivada": False},
    "it": {"attivato": True, "attivata": True, "disattivato": False, "disattivata": False},
    "pt": {"ativado": True, "ativada": True, "desativado": False, "desativada": False},
    "zh": {
        "开启": True, "已开启": True, "启用": True, "已启用": True, "打开": True, "已打开": True,
        "关闭": False, "已关闭": False, "停用": False, "已停用": False, "禁用": False, "已禁用": False,
    },
}  # fmt: skip
"""Inferred: the same words in the other languages whose labels are sourced; of a page in that language alone."""
ANSWERS_IN: Mapping[str, Mapping[str, bool]] = {
    "en": {"yes": True, "no": False},
    "de": {"ja": True, "nein": False},
    "fr": {"oui": True, "non": False},
    "es": {"sí": True, "no": False},
    "it": {"sì": True, "no": False},
    "pt": {"sim": True, "não": False},
}
"""Inferred: what one of two choices may be called instead. Of a button these words would be an answer to press."""
ALLOWING_IN: Mapping[str, Mapping[str, bool]] = {
    "en": {
        "allow": True, "disallow": False, "don't allow": False, "do not allow": False, "allowed": True,
        "not allowed": False,
    },
    "de": {"erlauben": True, "zulassen": True, "nicht erlauben": False, "nicht zulassen": False},
    "fr": {"autoriser": True, "ne pas autoriser": False, "refuser": False},
    "es": {"permitir": True, "no permitir": False},
    "it": {"consenti": True, "non consentire": False},
    "pt": {"permitir": True, "não permitir": False},
}  # fmt: skip
"""Inferred: the same of a setting whose label names the use itself; of one that prevents it they would say nothing."""
TURNING = {
    "turn on": False, "enable": False, "turn off": True, "disable": True, "activer": False, "désactiver": True,
    "aktivieren": False, "einschalten": False, "deaktivieren": True, "ausschalten": True, "activar": False,
    "desactivar": True, "attiva": False, "disattiva": True,
}  # fmt: skip
"""Inferred: what a button beside a state offers → whether it is on while that is offered."""
