"""What `temoin inbox` says, in both languages: (English, French)."""

from __future__ import annotations

from automation.domain.mail import AnswerKind, MailAdvice, MailDoubt, MatchBasis, Origin, SenderTrust, SignatureReason

Pair = tuple[str, str]

KINDS: dict[AnswerKind, Pair] = {
    AnswerKind.ACCEPTED: ("accepted", "acceptée"),
    AnswerKind.REFUSED: ("refused", "refusée"),
    AnswerKind.PENDING: ("not decided yet", "pas encore décidée"),
    AnswerKind.UNCLASSIFIED: ("answer received, not classified", "réponse reçue, non classée"),
}

WHY: dict[MailDoubt, Pair] = {
    MailDoubt.KNOWN_WORDS: ("the words are known", "les mots sont connus"),
    MailDoubt.ASKS_FOR_MORE: ("more information is asked for", "des informations supplémentaires sont demandées"),
    MailDoubt.WORDS_NOT_KNOWN: (
        "its words are in no source that Témoin has",
        "ses mots ne figurent dans aucune source de Témoin",
    ),
    MailDoubt.NOT_PLAIN: (
        "beside known words stand others that may take them back",
        "à côté de mots connus, d'autres pourraient les contredire",
    ),
    MailDoubt.ANOTHER_SUBJECT: (
        "it speaks of another kind of request as well",
        "il y est aussi question d'un autre type de demande",
    ),
    MailDoubt.NOT_ABOUT_OBJECTING: (
        "nothing says that the request was an objection",
        "rien n'indique que la demande était une opposition",
    ),
    MailDoubt.NOT_ABOUT_AI: ("nothing ties it to AI", "rien ne la relie à l'IA"),
    MailDoubt.NO_FRAME: (
        "nothing shows that it is the service's answer and not help",
        "rien ne montre que c'est la réponse du service et non une aide",
    ),
    MailDoubt.ASSUMED_ACCEPTANCE: (
        "an acceptance in words that no source gives",
        "une acceptation dans des mots qu'aucune source ne donne",
    ),
    MailDoubt.VERSIONS_DIFFER: (
        "its formatted and its plain text do not say the same",
        "son texte mis en forme et son texte brut ne disent pas la même chose",
    ),
    MailDoubt.FORWARDED: (
        "a forwarded message is never the service's answer",
        "un message transféré n'est jamais la réponse du service",
    ),
    MailDoubt.QUOTED: (
        "the words stand in a quotation",
        "les mots se trouvent dans une citation",
    ),
    MailDoubt.UNREADABLE: ("too large, or without text", "trop volumineux, ou sans texte"),
}

STANDINGS: dict[SenderTrust, Pair] = {
    SenderTrust.DECLARED: ("a known sender of the service", "un expéditeur connu du service"),
    SenderTrust.OWN_HOST: ("the service's own domain", "le domaine du service"),
    SenderTrust.RESEMBLING: (
        "resembles the service's name; no source says that it is the service's",
        "ressemble au nom du service ; aucune source ne dit qu'il lui appartient",
    ),
    SenderTrust.UNKNOWN: ("not the service's, as far as is known", "autant qu'on sache, pas celui du service"),
}

ORIGINS: dict[Origin, Pair] = {
    Origin.DIRECT: ("", ""),
    Origin.FORWARDED: ("forwarded", "transféré"),
    Origin.QUOTED: ("quoted", "cité"),
}

SIGNATURES: dict[SignatureReason, Pair] = {
    SignatureReason.VALID: ("signature valid", "signature valide"),
    SignatureReason.REPORTED: (
        "signature found valid on arrival by {by}",
        "signature jugée valide à l'arrivée par {by}",
    ),
    SignatureReason.NOT_SIGNED: ("not signed", "non signé"),
    SignatureReason.OTHER_DOMAIN: ("signed by another domain, {domain}", "signé par un autre domaine, {domain}"),
    SignatureReason.SENDERS: ("not exactly one sender", "pas exactement un expéditeur"),
    SignatureReason.ALTERED: ("signature wrong: altered or forged", "signature fausse : modifié ou falsifié"),
    SignatureReason.REPEATED: (
        "signature worthless: a header field stands twice",
        "signature sans valeur : un champ d'en-tête figure deux fois",
    ),
    SignatureReason.PARTIAL: (
        "signature worthless: it leaves out a part",
        "signature sans valeur : elle omet une partie",
    ),
    SignatureReason.WEAK: ("signature of a kind that does not count", "signature d'un type qui ne compte pas"),
    SignatureReason.EXPIRED: ("signature has run out", "signature expirée"),
    SignatureReason.NO_KEY: (
        "the domain publishes no such key (any more)",
        "le domaine ne publie pas (plus) cette clé",
    ),
    SignatureReason.KEY_UNREACHABLE: ("the key could not be looked up", "la clé n'a pas pu être demandée"),
    SignatureReason.MALFORMED: ("signature or header malformed", "signature ou en-tête mal formé"),
    SignatureReason.NOT_FETCHED: ("too large to be fetched", "trop volumineux pour être lu"),
}

BASES: dict[MatchBasis, Pair] = {
    MatchBasis.ADDRESS: ("its address", "son adresse"),
    MatchBasis.NAME: ("its name", "son nom"),
    MatchBasis.PRODUCT: ("the service's name", "le nom du service"),
    MatchBasis.ONLY_ACCOUNT: ("the only account of the service", "le seul compte du service"),
    MatchBasis.TIME: (
        "its date, later than the last check without objection",
        "sa date, après la dernière vérification sans opposition",
    ),
}

ADVICE: dict[MailAdvice, Pair] = {
    MailAdvice.KEEP: (
        "Keep the message. Run `temoin check`: the service's own pages decide, not this message.",
        "Conservez le message. Lancez « temoin check » : les pages du service décident, pas ce message.",
    ),
    MailAdvice.OBJECT_AGAIN: (
        "Keep the message. Object again with a more detailed reason, or complain to your data protection authority.",
        "Conservez le message. Opposez-vous de nouveau avec un motif plus détaillé, ou saisissez la CNIL.",
    ),
    MailAdvice.WAIT: (
        "Wait; if a month passes without a decision, write to the service.",
        "Attendez ; sans décision sous un mois, écrivez au service.",
    ),
    MailAdvice.ANSWER: (
        "Open the original and give the service what it asks for.",
        "Ouvrez l'original et donnez au service ce qu'il demande.",
    ),
    MailAdvice.READ: (
        "Read the original in the mailbox and decide yourself what it says.",
        "Lisez l'original dans la boîte et décidez vous-même de ce qu'il dit.",
    ),
    MailAdvice.NAME_SENDER: (
        (
            "Find out on the service's own pages whether it writes from this domain. "
            "If so, add it to `senders` in [mailbox] and run this again."
        ),
        (
            "Vérifiez sur les pages du service s'il écrit depuis ce domaine. "
            "Si oui, ajoutez-le à « senders » dans [mailbox] et relancez."
        ),
    ),
    MailAdvice.BEWARE: (
        "Take it for a forgery: follow no link in it, and open the service's site yourself.",
        "Tenez-le pour un faux : ne suivez aucun lien et ouvrez vous-même le site du service.",
    ),
    MailAdvice.ASK_FOR_ORIGINAL: (
        "Look for the original in the mailbox that the service wrote to.",
        "Cherchez l'original dans la boîte à laquelle le service a écrit.",
    ),
    MailAdvice.CHOOSE_ACCOUNT: (
        "Say under `addresses` in [mailbox] which address was given for which account, and run this again.",
        "Indiquez sous « addresses » dans [mailbox] quelle adresse a été donnée pour quel compte, puis relancez.",
    ),
    MailAdvice.CHECK_LATER: (
        "Run this again when the network's name servers answer.",
        "Relancez quand les serveurs de noms du réseau répondent.",
    ),
}

SENTENCES: dict[str, Pair] = {
    "nothing": ("No message speaks of an objection.", "Aucun message ne parle d'une opposition."),
    "no_account": ("no account", "aucun compte"),
    "one_of": ("one of {accounts}", "l'un de {accounts}"),
    "claims": ("says “{kind}”, not certain", "dit « {kind} », pas certain"),
    "told_by": ("matched by {bases}", "rattaché par {bases}"),
    "signature": ("from {domain} ({standing}); {signature}", "de {domain} ({standing}) ; {signature}"),
    "assumed": ("the words are assumed: no source gives them", "mots supposés : aucune source ne les donne"),
    "unanswered": (
        "No certain answer for: {accounts}",
        "Pas de réponse certaine pour : {accounts}",
    ),
    "looked": (
        "{folder}: {messages} messages since {since}, {opened} opened",
        "{folder} : {messages} messages depuis le {since}, {opened} ouverts",
    ),
    "left_out": (
        (
            "{folder}: not everything was looked at: {looked_at} of {messages} headers, {opened} of {candidates} "
            "messages. Choose a later --since, or raise `max_messages`."
        ),
        (
            "{folder} : tout n'a pas été lu : {looked_at} en-têtes sur {messages}, {opened} messages sur {candidates}. "
            "Choisissez un --since plus récent, ou augmentez « max_messages »."
        ),
    ),
    "unstamped": (
        "Sealed; only this machine's clock says when. `temoin stamp` can have it confirmed.",
        "Scellé ; seule l'horloge de cette machine dit quand. « temoin stamp » peut le faire confirmer.",
    ),
    "only_a_report": (
        "A message changes no verdict: `temoin check` reads the service itself.",
        "Un message ne change aucun verdict : « temoin check » lit le service lui-même.",
    ),
}


def say(pair: Pair, lang: str, **values: object) -> str:
    """One sentence in one of the two languages."""
    return (pair[1] if lang == "fr" else pair[0]).format(**values)
