"""
Sentences of its own words that a service writes beside an acceptance: harmless ones, and ones that mean something else.

They were written before the words of `letter_familiar.toml` were, half of them after each round of mending, by somebody
who wanted the reader to fail. A harmless one must leave the answer alone wherever it stands, a dangerous one must not.
"""

from __future__ import annotations

import pytest

from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.outline import el
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, PENDING, REFUSED, day, message, said

ASKED = message(OWN, day(1), "I object.")
HARMLESS = """
From here on, the information you share publicly on Instagram stays out of the development of AI at Meta.
We will not use your public information for AI at Meta from this point on.
Your public content on Instagram won't be used to train AI at Meta from today.
We will not use your public posts and comments on Instagram, Facebook and Threads to develop AI at Meta.
The change applies from today.
My name is Agnieszka and I've been looking after your request.
We've received and reviewed your objection to the use of your information for AI at Meta.
The date of birth on your account was entered incorrectly and has now been corrected.
Your erasure request has been refused.
Good news about your request.
We appreciate your patience while we looked into this.
You don't need to do anything else.
Your choice is saved on your account.
This applies to all accounts in your Accounts Center.
This covers every account in your Accounts Centre.
It also covers your Instagram account.
The accounts you added to the same Accounts Center are covered too.
We hope this answers your question.
Take care.
Kind regards, Anna from Meta support.
Warm regards, the Privacy Team.
Please keep this message for your records.
You may want to keep this message for your records.
We recommend that you save a copy of this message.
A copy of this message was sent to your email address.
We're writing to let you know the outcome of your request.
This message is about the request you submitted on May 3, 2025.
You contacted us on 3 May 2025.
Thank you for reaching out to the Privacy Operations team.
Thanks for getting in touch with us.
Thank you for telling us how this processing impacts you.
We know that your privacy matters to you.
Your privacy is important to us.
Privacy matters to all of us at Meta.
We appreciate your feedback.
We've completed our review.
Your case is now closed.
You're all set.
All done.
This takes effect immediately.
This is effective from today.
Your objection is now active.
We've recorded your objection.
We have noted your objection on your account.
Find out more about generative AI at Meta.
Learn more about how we use information for AI at Meta.
The Privacy Center has answers to common questions.
You can manage your other settings in the Privacy Center.
Please do not reply to this message.
This message was sent automatically.
Meta Platforms Ireland Ltd., Merrion Road, Dublin 4, Ireland.
Here is an update on your request.
Here's our answer to your request.
Here is what this means for you.
We are glad we could help.
We're always here to help.
Let us know how we did.
How did we do?
Did this answer help you?
Your posts and photos remain on your profile.
We build our products for everyone.
We do our best to answer everybody quickly.
Your choice counts from now on.
Great news!
You asked, and we listened.
The teams that build our AI know about your choice.
This is now set in your account.
We took care of everything.
The same goes for your Instagram account.
Instagram and Threads are included.
You only need to do this once.
There's no deadline to worry about.
There is no charge for this.
This has no effect on how you use Facebook.
It won't change how Facebook works for you.
We treat your request confidentially.
We don't share this message with anyone.
If anything is unclear, please visit our Help Centre.
You may print this message.
Please keep this message in case you need it.
Your request was looked at by a person.
We wish you a pleasant day.
Enjoy the rest of your week.
Thank you for being part of our community.
We're grateful that you took the time.
Your choice stays with your account.
Your choice is stored securely.
Our engineers have been informed.
We have told our engineers.
We've let the teams know.
You decided, and we respect that.
We get it.
Your photos matter to you, and your choice matters to us.
There are no open questions.
Quote this number whenever you contact us.
We sent this to the address in your account.
This message was sent to camille@example.org.
You get this message once.
We won't bother you again.
There's no time limit.
You're in control of your information.
You are in control.
The law gives you this right.
GDPR gives you the right to object.
Your message reached us safely.
We wanted to get this right.
This is our answer to your form of 3 May.
You can show this message to anyone.
The reference number at the top belongs to this case.
Our decision is dated 5 May 2025.
This applies to your information from posts, comments and your interactions with AI at Meta.
It also applies to your public information that you shared on Facebook and Instagram.
We made this decision on 5 May 2025.
This decision was made by a person.
We based our decision on what you told us.
This settles your request.
We have all the information we need.
You've done everything right.
Your form was complete.
We publish news about AI at Meta in our newsroom.
We've been building AI for more than a decade.
We translated this message for you.
Our phone lines are open from Monday to Friday.
Stay safe.
Yours truly, Meta.
We're pleased to bring you this news.
Your objection has reached its goal.
You have successfully objected.
Your account shows your choice.
Both of your accounts show this choice.
We answered as quickly as we could.
We understood your message well.
Our specialists know about your choice.
Your choice is final and complete.
This is our final answer.
We keep this answer on file.
You may share this answer with your lawyer.
It's good to know your rights.
We think privacy is a right.
Privacy comes first.
We hope you stay with us.
See you on Instagram.
The sun is shining in Dublin.
Merry Christmas and a happy new year.
This letter was typed by a person.
"""
DANGEROUS = """
The change applies from 1 January 2031.
We will not use your public posts on Mondays for AI at Meta.
We will not use your public posts on mobile for AI at Meta.
We will not use your posts on drafts for AI at Meta.
We will not use your public information on record for AI at Meta from today.
Your public information will not be used for AI at Meta in future, in theory.
The date of birth on your account makes you ineligible.
You also asked about deleting your objection. That is done.
You asked us to withdraw your objection.
For now, the information you share publicly stays out of the development of AI at Meta.
We will not use your public information for AI at Meta on weekends.
Your public posts won't be used to train AI at Meta from today until we write again.
The change applies from next year.
Your data powers AI at Meta.
Your objection is about Instagram.
This decision was made by a trainee.
This decision was generated by AI.
Your objection is a formality.
Your objection has been overtaken by events.
Your account is now part of our AI programme.
We have enrolled your account in AI training.
Your objection has lost its effect.
Your objection stays in place at our discretion.
This applies to your information from posts, comments and your interactions with AI at Meta only.
This applies to your information from posts, but not comments.
This covers your information from posts, captions excluded.
This applies to your information from posts, comments, for now.
A colleague will look at this once more next week.
Our team will check your case again.
We reserve the right to restore the earlier setting.
The form you sent is missing a signature.
Your objection still needs a date.
Your erasure request and your objection have been refused.
We've removed your objection.
Your choice has been reset.
You have since given your consent.
This covers Facebook only.
Your request is with our team.
Your choice was in place.
We cannot apply it to your Instagram account.
Your objection does not cover your comments.
We have since reversed this decision.
This decision has been reversed.
We have reconsidered.
We regret to inform you that the above is wrong.
Our decision may change.
Please reply within 7 days to keep your objection.
One more step is needed.
This applies only to public posts made before May.
This takes effect after we have verified your identity.
This is pending a final review.
A final decision will follow.
This is a preliminary answer.
This is just an example.
The sentence above is an example of an answer.
Until then, we will keep using your information.
Until then we'll continue to use your public posts.
In the meantime, we use your posts to train AI.
Your posts are being used to improve AI at Meta.
However, some of your posts are excluded.
However, we will keep using your comments.
But your photos are another matter.
Except for your comments.
Excluding posts on your Page.
With the exception of your public profile.
Apart from your profile picture.
Instagram is treated separately.
Only your Facebook account is covered.
This applies solely to your messages.
The decision concerns only ads.
Your objection to personalised ads is honoured.
This is valid for 30 days.
This ends on 31 December.
This lasts until the end of the year.
Your objection has expired.
Your objection has ended.
We have cancelled your request.
You cancelled your request.
Your request was cancelled.
We have turned the setting back on.
You later allowed us to use your posts.
You agreed to the use of your posts on 3 June.
You opted back in.
You have asked us to undo this.
Your case has been reopened.
We're reviewing your appeal.
Your request was denied.
Your objection was rejected.
Your request did not meet the requirements.
This right is subject to local law.
This is subject to verification.
Provided that you are over 18.
As long as you keep your account private.
Whether it applies to you depends on where you live.
This was another person's request.
This answer is about another account.
This answer is for the account of Maria Rossi.
This applies to future requests only.
We may still use your posts to develop AI.
We might use your information in other ways.
We'd like to honour it, and we are working on it.
We hope to be able to apply it soon.
We expect to apply this in June.
It starts on 1 January 2027.
The person who sent this was not from Meta.
We have suspended your objection.
Your objection has lapsed.
This letter is invalid.
Our AI learns from your posts every day.
Your information helps us to build AI.
Thank you for letting us use your posts for AI.
Another team will decide.
Your Page's posts stay in the training data.
Your exemption from AI training has been cancelled.
We have put your account back into AI training.
Your opt-out was overwritten by a later choice.
We had to take your account off the list of objections.
Due to a technical fault your objection got lost.
It holds for six months.
After one year you have to object again.
Please renew your objection every year.
This is good until the end of June.
The decision leaves your comments out.
Messages to Meta AI remain outside of this.
We honour it as far as we can.
We honour it where the law obliges us.
Where our interests outweigh yours, we go on using your posts.
In some cases we will go on using your posts.
From time to time we may use your posts anyway.
A colleague will go over your case next week.
The final word lies with our legal team.
We are waiting for our legal team.
Legal has yet to approve this.
This needs the approval of our legal team.
The form you sent was empty.
You objected too late.
This is open to residents of the EU alone.
The letter you quoted is not ours.
The above was generated automatically and has no legal force.
This wording is part of our training material.
This reply was meant for someone with the same name.
This belongs to Anna's account.
We used your posts last week for AI.
Your photos went into our AI last month, and more will follow.
We keep learning from what you post.
You accepted our AI terms yesterday, which overrides this.
By continuing to use Facebook you agree to AI training.
We stand by our refusal.
That said, our answer is no.
Your choice was safe with us.
Your request will be reviewed by our team.
Your request is reviewed within 30 days.
We have updated our answer.
We have updated your objection.
Your objection has been updated to a different one.
Here is an example.
This is our first answer.
This is a first answer.
Your account stays as it is.
We made no change.
Your account has not been updated.
Your choice could not be saved.
Please try again.
Please object again.
You may see that your posts are still used.
You may be asked to confirm your identity.
Other people share your posts with our AI, and we use them.
People who post about you train our AI with your photos.
Someone else posted that we will honor your objection.
Your friend sent us this objection, not you.
This applies to your ads.
This applies to your Page.
This covers your posts from 2020.
Our decision applies to your messages with Meta AI.
It is our pleasure to use your posts.
We value your posts for our AI.
We respect your choice to let us use your posts.
We noted your wish to stay.
Status: training allowed.
Objection: none
Our system picked this reply for you at random.
The attached decision differs from this summary.
Only the attached document counts.
In case of doubt the German version counts.
A court has ordered us to keep your posts in.
We are bound by a court order to continue.
We have filed your objection under complaints.
Your objection has been noted as a suggestion.
Your objection was counted as feedback.
We will keep your objection in mind.
Your posts were already taken out and then added again.
Our models go on reading your public posts.
Your captions feed our models.
Your reels make our AI better.
We gave your posts to our partners for training.
Starting Monday the earlier rule applies again.
From Monday on we go back to the earlier rule.
Your settings win over this message.
The switch in your settings is on.
Your account's AI setting is on.
You forgot to sign the form.
Your form lacks a reason.
We weighed your reasons, and ours weigh more.
Our interests come first.
Cross out the first sentence.
The honouring of your objection has been postponed.
We honour objections like yours from July on.
Your objection takes a back seat to your newer consent.
The objection in question was your brother's.
We mixed up two requests.
This letter went to the wrong person.
Your objection counts for the website, less so for the app.
In the app your posts are used all the same.
Videos follow later.
Public groups are treated apart.
We have limited your objection to text.
Your pictures are too valuable to leave out.
Only a summary of your posts will be used.
We take only what is public.
We'll respect this as far as possible.
We'll try our best to respect it.
Nothing is decided yet.
Consider this a draft.
This is a proposal.
Do you agree with this solution?
Reply YES to accept.
Tick the box below to confirm.
Sign here to make it valid.
Your objection becomes valid with your signature.
We await your signature.
The clock is ticking: after 30 days it is gone.
Your objection dies with your session.
Logging out ends your objection.
Your objection ended when you changed your phone.
Your objection is history.
We no longer feel bound by it.
We have second thoughts.
On second thought, no.
Sorry, we spoke too soon.
Forget what we wrote.
Strike that.
This was yesterday's answer.
Today our answer is different.
The refusal of May still holds.
"""
HANDS_OVER = (
    "Text of the sample letter:",
    "Example of a reply you may get:",
    "Here is the text that some people have received:",
    "Some people have reported receiving this message:",
    "You wrote to us:",
    "You told us:",
    "You quoted the following text:",
    "You sent us this message:",
    "A user wrote the following:",
    "Others have been told this:",
    "Suppose we wrote to you:",
    "What you would like to read:",
)


def _beside(labels: Labels, *texts: str) -> set[Meaning]:
    return said(labels, ASKED, message(OFFICE, day(2), *texts))


@pytest.mark.parametrize("sentence", HARMLESS.strip().splitlines())
def test_what_leaves_an_acceptance_alone(meta_labels: Labels, sentence: str) -> None:
    """Before it, after it and in its own paragraph."""
    for texts in ((ACCEPTED, sentence), (sentence, ACCEPTED), (f"{ACCEPTED} {sentence}",)):
        assert _beside(meta_labels, *texts) == {Meaning.ACCEPTED}


@pytest.mark.parametrize("sentence", DANGEROUS.strip().splitlines())
def test_what_may_mean_something_else(meta_labels: Labels, sentence: str) -> None:
    """No acceptance is believed beside it, wherever it stands."""
    for texts in ((ACCEPTED, sentence), (sentence, ACCEPTED), (f"{ACCEPTED} {sentence}",)):
        assert _beside(meta_labels, *texts) != {Meaning.ACCEPTED}


@pytest.mark.parametrize("line", HANDS_OVER)
def test_words_that_somebody_else_wrote(meta_labels: Labels, line: str) -> None:
    """Whoever is said to have written, or to have been told, what follows: it is not what the service decides now."""
    for texts in ((line, ACCEPTED), (line, "Hello,", ACCEPTED)):
        assert _beside(meta_labels, *texts) != {Meaning.ACCEPTED}
    assert _beside(meta_labels, "Our decision:", ACCEPTED) == {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    "sentence", ["Your choice is saved on your account.", "Your objection is now active.", "Our review is complete."]
)
@pytest.mark.parametrize(("first", "meaning"), [(PENDING, Meaning.PENDING), (REFUSED, Meaning.REFUSED)])
def test_what_assures_decides_nothing(meta_labels: Labels, sentence: str, first: str, meaning: Meaning) -> None:
    """It never makes an acceptance of another answer."""
    assert _beside(meta_labels, first, sentence) <= {meaning}
    later = message(OFFICE, day(9), sentence)
    assert said(meta_labels, ASKED, message(OFFICE, day(2), first), later) <= {meaning}


def test_a_line_within_a_message_that_quotes(meta_labels: Labels) -> None:
    """A message whose element says whose it is may quote the person, with no mark around what is quoted."""
    quoting = message(OFFICE, day(2), "Thanks for your message.", el("b", "You wrote:"), ACCEPTED)
    assert said(meta_labels, ASKED, quoting) == set()


HARMLESS_IN = {
    "fr": """
Bonne nouvelle concernant votre demande.
Nous vous remercions de votre patience.
Vous n’avez rien d’autre à faire.
Votre choix est enregistré sur votre compte.
Cela s’applique à tous les comptes de votre espace Comptes.
Nous espérons que cette réponse vous est utile.
Bien cordialement, Claire, du support Meta.
Conservez ce message.
Nous vous écrivons au sujet du formulaire envoyé le 3 mai.
Nous savons que votre vie privée compte pour vous.
Notre étude est terminée.
Cette décision prend effet aujourd’hui.
Nous avons enregistré votre opposition.
Vous retrouverez ce message dans votre boîte de support.
Cette réponse vous a-t-elle été utile ?
""",
    "de": """
Gute Nachrichten zu deiner Anfrage.
Wir danken dir für deine Geduld.
Du musst nichts weiter tun.
Deine Auswahl ist in deinem Konto gespeichert.
Dies gilt für alle Konten in deiner Kontenübersicht.
Wir hoffen, dass dir diese Antwort hilft.
Viele Grüße, Anna vom Meta-Support.
Bitte bewahre diese Nachricht auf.
Wir schreiben dir wegen des Formulars vom 3. Mai.
Wir wissen, dass dir deine Privatsphäre wichtig ist.
Unsere Prüfung ist abgeschlossen.
Die Änderung gilt ab heute.
Wir haben deinen Widerspruch vermerkt.
Du findest diese Nachricht in deinem Support-Postfach.
War diese Antwort hilfreich?
""",
    "es": """
Buenas noticias sobre tu solicitud.
Gracias por tu paciencia.
No tienes que hacer nada más.
Tu elección se ha guardado en tu cuenta.
Hemos guardado tu elección.
Tu objeción está activa.
Hemos anotado tu objeción.
Nuestra revisión ha terminado.
Tu caso está cerrado.
Esperamos que esta respuesta te sea útil.
Que tengas un buen día.
Guarda este mensaje.
Respetamos tu decisión.
Encontrarás este mensaje en tu bandeja de ayuda.
""",
    "it": """
Buone notizie sulla tua richiesta.
Grazie per la pazienza.
Non devi fare altro.
La tua scelta è stata salvata nel tuo account.
Abbiamo salvato la tua scelta.
La tua opposizione è attiva.
Abbiamo annotato la tua opposizione.
La nostra verifica è terminata.
Il tuo caso è chiuso.
Speriamo che questa risposta ti sia utile.
Buona giornata.
Conserva questo messaggio.
Rispettiamo la tua decisione.
""",
}
DANGEROUS_IN = {
    "fr": """
Nous ne pouvons pas l’appliquer à votre compte Instagram.
Cette décision ne concerne pas vos commentaires.
Votre opposition a ensuite été retirée.
Nous avons annulé votre opposition.
Nous sommes revenus sur cette décision.
Veuillez ignorer notre message précédent.
Ce message vous a été envoyé par erreur.
Notre décision peut changer.
Veuillez confirmer votre adresse e-mail.
Il vous reste à confirmer votre demande.
Cela s’applique uniquement à Facebook.
Cela vaut seulement pour vos messages.
Cette décision est provisoire.
Une décision définitive suivra.
D’ici là, nous continuons à utiliser vos informations.
Nous continuons à utiliser vos publications pour l’IA.
Cependant, vos photos sont traitées à part.
À l’exception de vos commentaires.
Sous réserve de vérification.
Cette décision est valable 30 jours.
Votre opposition a expiré.
Votre opposition est suspendue.
Votre demande est en cours d’examen.
Votre demande a été rejetée.
Cela dépend de votre lieu de résidence.
Cette réponse concerne un autre compte.
Vous avez depuis donné votre accord.
""",
    "de": """
Wir können ihn nicht auf dein Instagram-Konto anwenden.
Deine Kommentare sind davon nicht betroffen.
Dein Widerspruch wurde später zurückgezogen.
Wir haben deinen Widerspruch aufgehoben.
Wir haben diese Entscheidung rückgängig gemacht.
Bitte ignoriere unsere frühere Nachricht.
Diese Nachricht wurde dir irrtümlich geschickt.
Unsere Entscheidung kann sich ändern.
Bitte bestätige deine E-Mail-Adresse.
Du musst deine Anfrage noch bestätigen.
Das gilt nur für Facebook.
Das gilt ausschließlich für deine Nachrichten.
Diese Entscheidung ist vorläufig.
Eine endgültige Entscheidung folgt.
Das ist ein Beispiel für eine Antwort.
Bis dahin verwenden wir deine Informationen weiter.
Wir nutzen deine Beiträge weiterhin für KI.
Deine Fotos werden allerdings gesondert behandelt.
Mit Ausnahme deiner Kommentare.
Vorbehaltlich einer Prüfung.
Diese Entscheidung gilt 30 Tage.
Dein Widerspruch ist abgelaufen.
Dein Widerspruch ist ausgesetzt.
Deine Anfrage wird noch geprüft.
Deine Anfrage wurde abgelehnt.
Das hängt davon ab, wo du wohnst.
Diese Antwort betrifft ein anderes Konto.
Du hast inzwischen zugestimmt.
""",
    "es": """
Hemos retirado tu objeción.
Tu objeción ha sido eliminada.
Hemos restablecido la configuración anterior.
Desde entonces has dado tu consentimiento.
Esto solo vale para Facebook.
Solo se aplica a tus mensajes.
Nuestra decisión puede cambiar.
Tomaremos una decisión definitiva más adelante.
Tu solicitud está en revisión.
Esta respuesta es para otra persona.
Esto es un ejemplo de respuesta.
Tu objeción es válida durante un año.
Tus fotos se tratan por separado.
Excepto tus comentarios.
Confirma tu correo electrónico.
""",
    "it": """
Abbiamo rimosso la tua opposizione.
La tua opposizione è stata eliminata.
Abbiamo ripristinato l'impostazione precedente.
Nel frattempo hai dato il tuo consenso.
Questo vale solo per Facebook.
Si applica soltanto ai tuoi messaggi.
La nostra decisione può cambiare.
Prenderemo una decisione definitiva più avanti.
La tua richiesta è in esame.
Questa risposta è per un'altra persona.
Questo è un esempio di risposta.
La tua opposizione è valida per un anno.
Le tue foto sono trattate separatamente.
Tranne i tuoi commenti.
Conferma il tuo indirizzo e-mail.
""",
}
_ACCEPTED_IN = {
    "es": "Hemos revisado tu solicitud y vamos a aceptar tu objeción.",
    "it": "Abbiamo esaminato la tua richiesta: la tua richiesta verrà applicata d'ora in avanti.",
}
_TITLES_IN = {
    "es": "Objeción al uso de tu información para la IA de Meta",
    "it": "Opposizione all'uso delle tue informazioni per l'IA di Meta",
}


def _beside_in(labels: Labels, locale: str, sentence: str) -> list[set[Meaning]]:
    """What is said where a sentence stands behind an acceptance and before it; in English where none is sourced."""
    accepted = _ACCEPTED_IN.get(locale, ACCEPTED)
    orders = ((accepted, sentence), (sentence, accepted))
    title = _TITLES_IN.get(locale, "")
    asked = message(OWN, "1/10/2026", "…")
    return [said(labels, asked, message(OFFICE, "2/10/2026", *o), locale=locale, title=title) for o in orders]


@pytest.mark.parametrize(
    ("locale", "sentence"), [(each, line) for each in HARMLESS_IN for line in HARMLESS_IN[each].strip().splitlines()]
)
def test_what_leaves_it_alone_in_another_language(meta_labels: Labels, locale: str, sentence: str) -> None:
    """French, German, Spanish and Italian."""
    assert _beside_in(meta_labels, locale, sentence) == [{Meaning.ACCEPTED}] * 2


@pytest.mark.parametrize(
    ("locale", "sentence"), [(each, line) for each in DANGEROUS_IN for line in DANGEROUS_IN[each].strip().splitlines()]
)
def test_what_may_mean_something_else_in_another_language(meta_labels: Labels, locale: str, sentence: str) -> None:
    """What ends, narrows, postpones or undoes it, is somebody else's, or is no decision."""
    assert {Meaning.ACCEPTED} not in _beside_in(meta_labels, locale, sentence)
