"""What `temoin verify` says, in both languages: (English, French)."""

from __future__ import annotations

from automation.evidence.verify.findings import Fault, StepName, VerifyCode

Pair = tuple[str, str]

STEPS: dict[StepName, Pair] = {
    StepName.CLOSED_WORLD: ("nothing missing, nothing added", "rien ne manque, rien n'est ajouté"),
    StepName.HASHES: ("every file as it was", "chaque fichier tel qu'il était"),
    StepName.STATEMENT: ("the statement fits the files", "la déclaration correspond aux fichiers"),
    StepName.SIGNATURE: ("signature, by a trusted key", "signature, par une clé de confiance"),
    StepName.TIME: ("time, confirmed by an authority", "date, confirmée par une autorité"),
    StepName.CHAIN: ("its place in the ledger", "sa place dans le registre"),
    StepName.SCHEMA: ("the result can be read", "le résultat est lisible"),
    StepName.SECRETS: ("no known secret inside", "aucun secret connu à l'intérieur"),
}

CODES: dict[VerifyCode, Pair] = {
    VerifyCode.VALID: ("valid", "valide"),
    VerifyCode.ALTERED: ("altered or incomplete", "modifié ou incomplet"),
    VerifyCode.NOT_TRUSTED: ("the signer is not trusted", "signataire sans confiance établie"),
    VerifyCode.NOT_STAMPED: ("time stamp missing or bad", "horodatage absent ou incorrect"),
    VerifyCode.CHAIN_BROKEN: ("the chain is broken", "chaîne rompue"),
    VerifyCode.UNREADABLE: ("unreadable or of an unknown schema", "illisible ou de format inconnu"),
}

FAULTS: dict[Fault, Pair] = {
    Fault.UNREADABLE_FOLDER: ("the folder {where} cannot be read ({detail})", "dossier {where} illisible ({detail})"),
    Fault.TOO_LARGE: (
        "larger than any evidence: {where} ({detail})",
        "plus gros que toute preuve : {where} ({detail})",
    ),
    Fault.SYMLINK: ("a link instead of a file: {where}", "un lien à la place d'un fichier : {where}"),
    Fault.NOT_A_FILE: ("neither file nor folder: {where}", "ni fichier ni dossier : {where}"),
    Fault.FILE_ADDED: ("a file that nothing lists: {where}", "un fichier que rien ne mentionne : {where}"),
    Fault.FILE_MISSING: ("a file is missing: {where}", "un fichier manque : {where}"),
    Fault.FOLDER_ADDED: (
        "a folder that does not belong here: {where}",
        "un dossier qui n'a rien à faire ici : {where}",
    ),
    Fault.MANIFEST_MALFORMED: ("not a manifest: {where} {detail}", "manifeste mal formé : {where} {detail}"),
    Fault.PATH_ESCAPES: (
        "a path that leads out, or stands twice: {where} {detail}",
        "un chemin qui sort du dossier, ou en double : {where} {detail}",
    ),
    Fault.FILE_ALTERED: ("altered: {where}", "modifié : {where}"),
    Fault.FILE_UNREADABLE: ("cannot be read: {where} ({detail})", "illisible : {where} ({detail})"),
    Fault.ENVELOPE_MALFORMED: (
        "not a signed envelope: {where} ({detail})",
        "pas une enveloppe signée : {where} ({detail})",
    ),
    Fault.STATEMENT_UNKNOWN: (
        "not a statement that this version reads: {where} ({detail})",
        "déclaration que cette version ne lit pas : {where} ({detail})",
    ),
    Fault.STATEMENT_DIFFERS: ("{where} is not what was signed", "{where} n'est pas ce qui a été signé"),
    Fault.SUBJECT_DIFFERS: (
        "not the file that the statement names: {where}",
        "pas le fichier que cite la déclaration : {where}",
    ),
    Fault.SIGNER_FILE_DIFFERS: ("{where} is not the signer's key", "{where} n'est pas la clé du signataire"),
    Fault.SIGNATURE_WRONG: ("the signature is not of the key {where}", "la signature n'est pas de la clé {where}"),
    Fault.NO_TRUST: (
        "signed by {where}; nothing says whose key that is. Name a trust file with --trust",
        "signé par {where} ; rien ne dit à qui est cette clé. Indiquez un fichier de confiance avec --trust",
    ),
    Fault.SIGNER_UNKNOWN: (
        "signed by {where}, a key that the trust file does not know",
        "signé par {where}, une clé que le fichier de confiance ne connaît pas",
    ),
    Fault.SIGNER_NOT_YET: (
        "sealed before its key is good, {detail}: {where}",
        "scellé avant que sa clé ne vaille, {detail} : {where}",
    ),
    Fault.SIGNER_ENDED: (
        "sealed after its key ended, {detail}: {where}",
        "scellé après la fin de sa clé, {detail} : {where}",
    ),
    Fault.SIGNER_REVOKED: (
        "the key was revoked from {detail}, and no authority saw the seal before: {where}",
        "clé révoquée à partir du {detail}, et aucune autorité n'a vu le sceau avant : {where}",
    ),
    Fault.UNSTAMPED: (
        "not stamped: nothing but the signer's own clock says when. `temoin stamp` can add a stamp with today's date",
        "non horodaté : seule l'horloge du signataire dit quand. « temoin stamp » peut ajouter la date d'aujourd'hui",
    ),
    Fault.NO_AUTHORITY: (
        "the trust file names no authority whose stamp could be believed: {where}",
        "le fichier de confiance ne nomme aucune autorité d'horodatage : {where}",
    ),
    Fault.TOKEN_UNREADABLE: ("not a time stamp: {where} ({detail})", "pas un horodatage : {where} ({detail})"),
    Fault.TOKEN_UNSORTED: (
        "the certificates in {where} are not in DER's order. OpenSSL accepts that, this program does not",
        "les certificats dans {where} ne sont pas dans l'ordre du DER. OpenSSL l'accepte, ce programme non",
    ),
    Fault.TOKEN_REFUSED: (
        "the authority refused to stamp: {where} ({detail})",
        "refus de l'autorité : {where} ({detail})",
    ),
    Fault.TOKEN_OTHER_REQUEST: (
        "the stamp does not answer the request beside it: {where}",
        "l'horodatage ne répond pas à la requête jointe : {where}",
    ),
    Fault.TOKEN_OTHER_DATA: ("a stamp of something else: {where}", "l'horodatage d'autre chose : {where}"),
    Fault.TOKEN_NOT_TRUSTED: (
        "no trusted authority stands behind it at its time: {where} ({detail})",
        "aucune autorité de confiance derrière, à sa date : {where} ({detail})",
    ),
    Fault.TOKEN_OTHER_POLICY: (
        "stamped under another policy: {where} ({detail})",
        "horodaté sous une autre politique : {where} ({detail})",
    ),
    Fault.OUTSIDE_WINDOW: (
        "{where} ({detail}) is not between opening and sealing: the clock was set, or the bundle made up",
        "{where} ({detail}) n'est pas entre ouverture et scellement : horloge modifiée, ou dossier fabriqué",
    ),
    Fault.LINK_DIFFERS: (
        "not the bundle that follows the one before in the ledger: {where}",
        "pas le dossier qui suit le précédent dans le registre : {where}",
    ),
    Fault.NOT_IN_LEDGER: (
        "the ledger has no such bundle at place {detail}: {where}",
        "le registre n'a pas ce dossier à la place {detail} : {where}",
    ),
    Fault.REMOVED_BUT_HERE: (
        "removed by the ledger, but here: {where}",
        "retiré selon le registre, mais présent : {where}",
    ),
    Fault.LEDGER_MISSING: (
        "the ledger is gone; only its head is here: {where}",
        "le registre a disparu ; seule sa tête est là : {where}",
    ),
    Fault.LEDGER_MALFORMED: (
        "not a line of a ledger: {where} ({detail})",
        "pas une ligne de registre : {where} ({detail})",
    ),
    Fault.LEDGER_GAP: (
        "a line is missing or doubled: {where} ({detail})",
        "ligne manquante ou en double : {where} ({detail})",
    ),
    Fault.LEDGER_LINK: (
        "the line before is not what it was: {where}",
        "la ligne précédente n'est plus ce qu'elle était : {where}",
    ),
    Fault.HEAD_MISSING: ("the ledger's signed head is missing: {where}", "la tête signée du registre manque : {where}"),
    Fault.HEAD_DIFFERS: (
        "the ledger's signed head speaks of another end: {where} {detail}",
        "la tête signée du registre parle d'une autre fin : {where} {detail}",
    ),
    Fault.HEAD_NOT_TRUSTED: (
        "no trusted key signed the ledger's head: {where} {detail}",
        "aucune clé de confiance n'a signé la tête du registre : {where} {detail}",
    ),
    Fault.BUNDLE_MISSING: (
        "a bundle is gone, and nobody removed it by intent: {where} (place {detail})",
        "un dossier a disparu sans avoir été retiré exprès : {where} (place {detail})",
    ),
    Fault.CLOCK_SET_BACK: (
        "the clock was set back between two bundles: {where} ({detail})",
        "l'horloge a été reculée entre deux dossiers : {where} ({detail})",
    ),
    Fault.SCHEMA_UNKNOWN: (
        "{where} has the schema “{detail}”, which this version does not read",
        "{where} a le format « {detail} », que cette version ne lit pas",
    ),
    Fault.SCHEMA_BROKEN: ("{where} does not follow its schema ({detail})", "{where} ne suit pas son format ({detail})"),
    Fault.SECRET_FOUND: ("a known secret is in {where}", "un secret connu se trouve dans {where}"),
    Fault.NOTHING_HERE: ("no evidence here: {where}", "aucune preuve ici : {where}"),
    Fault.ARCHIVE_REFUSED: ("the archive is not unpacked: {why} {where}", "archive non ouverte : {why} {where}"),
}

ARCHIVES: dict[str, Pair] = {
    "no_archive": ("it is neither zip nor tar", "ce n'est ni un zip ni un tar"),
    "damaged": ("it is damaged, or cannot be unpacked here", "elle est abîmée, ou ne peut être ouverte ici"),
    "too_large": ("it grows larger than any evidence", "elle grossit plus que toute preuve"),
    "too_many": ("it holds too many entries", "elle contient trop d'entrées"),
    "too_deep": ("its folders are too deep", "ses dossiers sont trop profonds"),
    "escapes": ("an entry leads out of it", "une entrée en sort"),
    "link": ("it holds a link or a device", "elle contient un lien ou un périphérique"),
    "twice": ("it holds a name twice", "elle contient deux fois un nom"),
}

NOTES: dict[str, Pair] = {
    "not_listed": ("cannot be checked without a list of the files", "invérifiable sans la liste des fichiers"),
    "no_statement": ("cannot be checked without a statement", "invérifiable sans déclaration"),
    "no_ledger": ("not checked: there is no ledger here", "non vérifié : il n'y a pas de registre ici"),
    "no_secrets_known": ("not checked: no secrets are known here", "non vérifié : aucun secret n'est connu ici"),
    "unsearchable": (
        "not checked: something in here cannot be unpacked to be searched",
        "non vérifié : quelque chose ici ne peut être ouvert pour y chercher",
    ),
    "renamed": (
        "the folder has another name than when it was sealed",
        "le dossier a changé de nom depuis son scellement",
    ),
    "no_authority_configured": ("no authority was configured", "aucune autorité n'était configurée"),
    "authorities_did_not_answer": (
        "the authorities gave no good answer when it was sealed",
        "les autorités n'ont pas bien répondu au scellement",
    ),
    "look_into_mailbox": (
        "a look into a mailbox: it tells what messages say, and holds no verdict",
        "un relevé de boîte aux lettres : il dit ce qu'affirment des messages et ne contient aucun verdict",
    ),
    "no_opening_token": (
        "that nothing was prepared earlier rests on the signer's clock",
        "que rien n'ait été préparé avant repose sur l'horloge du signataire",
    ),
}
