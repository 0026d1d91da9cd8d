"""
What a service adds to an acceptance, in the same letter or days later, and names nothing of it.

Written by somebody who saw the facts only: half of it takes the answer back, makes light of it, limits it or leaves it
to somebody else; half is what a friendly support adds to an answer that stands.
"""

from __future__ import annotations

import pytest

from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, day, message, said

ASKED = message(OWN, day(1), "I object.")
THANKS = message(OWN, day(4), "Thank you for the answer.")
SPOILING_BESIDE = """
Kindly picture the word 'not' in the line above; my keyboard swallowed it.
Strike the paragraph you've just read, it belongs on a different sheet.
Until the harvest festival, that is. Afterwards we'll see which way the wind blows.
Ha, wouldn't that be lovely!
Our Dublin colleagues keep the keys to this door, and they have yet to turn them.
Lorem ipsum, dress rehearsal number four, please bin.
The above holds water only while you wear a paid badge with us.
Thus wrote a rival firm to its patrons last spring; we reproduce it here merely for amusement.
There you go, Mr Okonkwo, and give our love to your gallery in Lagos! (If you're somebody else, our mailroom has mixed up the envelopes.)
Nothing in these lines binds the firm or any of its subsidiaries.
To set this in motion, tap the blue button underneath before Thursday midnight; otherwise it lapses.
We'd be fibbing if we claimed that every corner of the house will follow suit.
These words were spat out by a robot and no human has proofread them, so take them with a pinch of salt.
Mind you, roughly a quarter of what you publish next year will still find its way into the melting pot.
Provided, naturally, that the directors nod it through at their November sitting.
It goes for the classifieds corner only; everywhere else we carry on as before.
Should our commercial needs one day outweigh your wishes, we'll quietly return to the old ways.
We reckon you're the bearer of the handle @larkspur_bakes; if that's not you, kindly tear this up.
Sundays and bank holidays are left out of this arrangement.
Memo for newcomers on the desk: this is what a cheerful reply sounds like. Copy the tone, ignore the substance.
P.S. I had my fingers crossed behind my back as I typed this.
Regrettably, the cogs can't be stopped once they're spinning, so everything rolls on much as it did.
Don't lean back just yet: California still has to give its blessing.
This concerns your objection to personalised adverts; the use of your posts for AI stays untouched.
Please note that the request arrived from a different person's account, and we couldn't establish whose.
We may override this objection whenever our legitimate interests prevail.
Only photographs fall under your objection; comments you write from tomorrow on will still feed the model.
The decision becomes final once the Data Protection Office countersigns it, which hasn't happened so far.
To complete your request, confirm the six-digit code within 48 hours or it will be discarded.
Exempt from the objection are reels longer than thirty seconds, which we continue to use for AI.
This template illustrates how an accepted objection would read; it doesn't describe the outcome of yours.
The objection is valid for twelve months and must be renewed afterwards.
[STAGING] Objection workflow dry run, do not deliver to real users.
That, at least, is what we would say had your objection met the criteria.
If you live outside the European Economic Area, as your IP address suggests, disregard this acceptance.
Your objection evaporates the moment you open a conversation with our AI assistant.
An earlier customer received the sentence above; we cite it so you can compare it with our answer on your own request, which follows by separate post.
We'll apply the decision as far as our engineers find it convenient.
Your information will be left out of language models, whereas image generators will keep learning from it.
Because you share a device with another member, the objection may have been attached to their account rather than yours.
Objections from professional accounts such as yours are noted for statistics and have no effect on AI development.
Legally we're obliged to say we respect your objection; make of that what you will.
Carrying out this request is on hold pending the appeal we've lodged with the court.
Voice notes you send to the AI aren't part of this, and we go on learning from them.
Our archive also holds a withdrawal of this objection bearing your signature, dated two days later.
The German original of this decision, which alone is authoritative, comes to the opposite conclusion.
Fresh instructions from head office arrived on Friday.
Head office sees it in another light.
Please ignore the line above.
Management has the final word.
Sadly that was premature.
That was a slip of the pen.
Take that with a pinch of salt.
The paragraph above was meant for Karl.
Such promises lapse on logging out.
Meta reserves all rights.
The watchdog has yet to agree.
Nothing in this message binds us.
Treat this as a courtesy copy of someone's letter.
"""
SPOILING_LATER = """
Oops, crossed wires! Yesterday's note was intended for a lady in Ghent.
The folks upstairs have torn up what I told you, and I'm mortified.
Scrap my last message, I had the wrong tab open.
On closer inspection, the gate was never shut.
We've had second thoughts.
It turns out your namesake, not you, was ticked off on our ledger.
The grace period runs out on Friday; from Saturday onward you're back in the pool.
Our greenhorn was a tad overgenerous on Monday, and her supervisor has since put things straight.
Hmm, that only ever worked on the tablet edition. Elsewhere nothing has budged.
Unless a scan of your passport lands on my desk by the ninth, we're back to square one.
The weekend's migration wiped the flag off your profile, and we haven't managed to put it back.
The rulebook was rewritten at midnight; promises made under the old one no longer carry weight.
A wee confession: I never pressed save.
What landed in your inbox was a prank by a colleague we've since sacked.
Your dossier has been reopened and now lies with the tribunal in Cork, whose ruling trumps mine.
Our crawlers gobbled up last night's gallery of yours regardless, and will probably do so again.
Whoops, I mixed up Instagram with Threads. Only the latter has been switched.
Honestly, did you believe we'd let such a juicy catalogue slip through our fingers? ;-)
Somebody has been misusing our letterhead; we never wrote to you in March.
Yes, but solely up to the solstice.
No. I can see how my wording led you there, though, and I'm sorry for raising your hopes.
The green tick you're looking at is decorative. Behind it sits an empty row.
Your login has been fused with your late husband's, and his preference prevailed.
The reprieve was for residents of Norway, whereas your invoices go to Arizona.
I'm afraid that ship has sailed.
We have to rescind the decision sent on 4 June; your objection didn't satisfy Article 21 after all.
Your objection was recorded against a Quest headset, not against your Facebook profile.
Following the terms update of 1 August, all earlier objections must be submitted anew.
A system glitch dispatched acceptance notices to everyone who'd opened the form. Yours hasn't been assessed.
We've registered that you re-enabled AI contributions when you tapped 'Agree' this morning.
You wondered whether future posts are safe: drafts yes, published ones no, since those still go into the AI corpus.
Your request is back in the queue because the reviewer who approved it lacked the authority.
To keep your objection alive, sign in once a month and reconfirm.
True, we stopped using your text, yet the AI team in Singapore isn't bound by that decision.
The regulator is examining how we handle objections, and until it reports we've frozen every single one.
Regarding your objection: which reason do you rely on? Without one we can't go ahead.
Your objection now sits with the Privacy Board, who will let you know whether they agree.
Correction to case 88213: for 'will honor' read 'will not honor'.
Indeed, your information turned up in last week's AI training batch. We intend to leave it there, as with those to come.
As you changed your country to the United States, your AI objection has ceased to apply.
Your objection belongs to the old account you deactivated; the one you're writing from never had any.
I'm a virtual assistant and may have invented the confirmation about your request. Please ask a human agent.
Objections by e-mail are taken as a courtesy; formally your data stays available for machine learning unless you post us a notarised letter.
Our lawyers advise that the word 'honor' in that decision expressed sympathy, not a commitment.
Your request expires along with your trial subscription on the thirtieth.
We closed your objection as a duplicate of one which was denied.
Having weighed both sides afresh, we find compelling grounds that override your objection.
Good question! The request protects your name and birthday; the posts themselves are fair game for AI.
No objection by you exists in our archive, and we can't explain the message you quote.
From spring the AI pipeline reads from a new store which ignores objection markers.
Fresh instructions from head office arrived on Friday.
Head office sees it in another light.
Please ignore the line above.
Management has the final word.
Sadly that was premature.
That was a slip of the pen.
Take that with a pinch of salt.
The paragraph above was meant for Karl.
Such promises lapse on logging out.
Meta reserves all rights.
The watchdog has yet to agree.
Nothing in this message binds us.
Treat this as a courtesy copy of someone's letter.
"""
HARMLESS_BESIDE = """
Thanks a million for bearing with us while our postbag was overflowing.
We're sorry it took us nine days to get round to your letter.
Our phones are staffed on weekdays between nine and half past five, Central European Time.
How did we do? Rate this reply with one to five stars.
You don't have to do anything else.
Your case is now closed.
Other people can still mention you in posts of their own, and those lie outside your objection.
What our models absorbed before today can't be undone.
You'll find tips on choosing who sees your holiday albums in the Privacy Centre.
Everyone has the right to lodge a complaint with the Irish Data Protection Commission or their local supervisory authority.
Nobody reads what arrives at this address, so please don't hit 'reply'.
Warm regards, Priya from Privacy Operations
Any further profile in the same Accounts Centre benefits as well.
Two-factor authentication puts a second lock on your front door, and switching it on takes under a minute.
Keep this message for your files, should you wish.
Your reference is 4471-KX; have it ready if you ring us.
Neither your feed, nor your friends list, nor the adverts you see will look any different.
Overleaf there's a Dutch translation saying exactly the same.
If a link looks garbled, copy it into your browser's address bar.
To save paper we no longer mail out printed confirmations.
Meta Platforms Ireland Limited, Merrion Road, Dublin 4. Registered in Ireland.
We understand that this topic is close to many people's hearts.
Hats off to you for looking after your privacy so conscientiously.
The lawful bases we rely on are laid out chapter by chapter in our privacy policy.
Fewer pings on your phone? Adjust the sounds and badges under Notifications.
Our help articles come in thirty-one languages, among them Welsh and Basque.
Pictures in which friends have tagged you on their own walls are governed by what those friends choose.
Private messages to your family were never a source for this in the first place.
Posts by under-eighteens aren't used anyway.
Should our website creep along tonight, blame the maintenance crew tinkering with the servers.
We've temporarily shut our reception desk for refurbishment, hence the handwritten sign on Merrion Road.
This e-mail was scanned for viruses on leaving our gateway.
Feel free to point relatives who'd like to make the same choice to the form.
The whole team wishes you a splendid summer with plenty of ice cream.
A copy of this letter awaits you in your Support Inbox, too.
Your name and profile picture remain visible to everybody, for that's how long-lost classmates find you.
For billing matters around Meta Verified, turn to the payments desk instead.
Did you know you can download a copy of everything you've ever shared with us?
Apologies for misspelling your surname in our automatic acknowledgement; it's been put right.
Blind and partially sighted readers can order this text in large print or Braille.
Here's a two-minute clip on spotting impostor profiles.
We don't sell your phone number, and never did.
Our servers run on wind and hydropower.
"""
HARMLESS_LATER = """
You're most welcome, Henrike!
Spot on: from now on, and without an expiry date.
A gentle nudge: five quick questions about last week's chat would help our apprentices learn the ropes.
We've tidied up our Help Centre, so a few of your bookmarks may lead to a fresh page.
Our Cologne office shuts for carnival from Thursday noon until Ash Wednesday.
I've double-checked, and everything stands as we wrote.
No, there's no call for filling in the form a second time.
This ticket slides into the archive by itself in fourteen days, which is mere housekeeping on our side.
Somebody signed in to your account from Porto. If that wasn't you, change your password.
The password link you wanted is on its way and works for one hour.
Many happy returns from all of us! Cake not included.
The missing invoice is best raised with our billing crew, whom I've copied in.
The Horizon Worlds app will be discontinued on headsets in March, which matters only to people who own one.
No worries at all about answering late; nothing hinged on it.
I've combined your two tickets, as both were about the same thing. The outcome is the one you know.
If your aunt reposts your picture on her own wall, that copy follows her settings.
Here's the page with our general terms you were hunting for.
The Irish regulator's postal address is 6 Pembroke Row, Dublin 2.
I've read your compliment out to Tomasz; it made his afternoon.
Scheduled upkeep: the app will be unreachable for an hour on Tuesday night.
Fancy joining our free webinar on community building next month?
Removing the app from your phone makes no difference to what we agreed.
It also holds for the bakery's Instagram profile, seeing that both live in one Accounts Centre.
There's no certificate with a seal, but our mail is proof enough and you can print it.
How many people have chosen as you did I can't say; we don't publish figures.
Which adverts you see is a separate story and lives under Ad preferences.
We're hiring illustrators in Lisbon, so spread the word!
Spring-cleaning tip: look through the quizzes and games still linked to your login, and evict the ones you've forgotten.
Tired of our newsletter? Unsubscribe at the foot of the page.
You left a carrying case in your shopping basket at the Quest store.
The cookie banner keeps popping up because your browser wipes its storage on quitting, and is unrelated to our letter.
Sorry about the dreadful hold music, by the way!
I looked into the delay that annoyed you: an overzealous spam filter had held back our mail.
You'll find this thread again beneath the bell icon, under 'Support'.
Fair point about the tiny lettering on the form; I've passed it on to the designers.
For legal advice you'd need a solicitor, since none of us at the helpdesk is qualified to give any.
Glad that's sorted! Enjoy the lake and mind the mosquitoes.
"""


def beside(labels: Labels, sentence: str) -> list[set[Meaning]]:
    """What is read with a sentence after the decision, before it, and in its own paragraph."""
    letters = ((ACCEPTED, sentence), (sentence, ACCEPTED), (f"{ACCEPTED} {sentence}",))
    return [said(labels, ASKED, message(OFFICE, day(2), *texts)) for texts in letters]


def later(labels: Labels, sentence: str) -> list[set[Meaning]]:
    """What is read with a sentence in a later message, after the person's thanks and without them."""
    answer, after = message(OFFICE, day(2), ACCEPTED), message(OFFICE, day(9), sentence)
    return [said(labels, ASKED, answer, after), said(labels, ASKED, answer, THANKS, after)]


@pytest.mark.parametrize("sentence", SPOILING_BESIDE.strip().splitlines())
def test_what_takes_an_acceptance_back_beside_it(meta_labels: Labels, sentence: str) -> None:
    """No acceptance is believed, wherever it stands."""
    assert {Meaning.ACCEPTED} not in beside(meta_labels, sentence)


@pytest.mark.parametrize("sentence", SPOILING_LATER.strip().splitlines())
def test_what_takes_an_acceptance_back_later(meta_labels: Labels, sentence: str) -> None:
    """No acceptance is believed, whether the person wrote in between or not."""
    assert {Meaning.ACCEPTED} not in later(meta_labels, sentence)


@pytest.mark.parametrize("sentence", HARMLESS_BESIDE.strip().splitlines())
def test_what_leaves_an_acceptance_alone_beside_it(meta_labels: Labels, sentence: str) -> None:
    """Wherever it stands."""
    assert beside(meta_labels, sentence) == 3 * [{Meaning.ACCEPTED}]


@pytest.mark.parametrize("sentence", HARMLESS_LATER.strip().splitlines())
def test_what_leaves_an_acceptance_alone_later(meta_labels: Labels, sentence: str) -> None:
    """Whether the person wrote in between or not."""
    assert later(meta_labels, sentence) == 2 * [{Meaning.ACCEPTED}]
