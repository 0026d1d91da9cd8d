"""
What a service adds to an acceptance, in the same letter or days later, and names nothing of it.

Written by two people who saw the facts only: half of it takes the answer back, makes light of it, limits it or leaves it
to somebody else; half is what a friendly support adds to an answer that stands. The first list holds wherever a sentence stands.
"""

from __future__ import annotations

import pytest

from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, day, message, said

ASKED = message(OWN, day(1), "I object.")
THANKS = message(OWN, day(4), "Thank you for the answer.")
SPOILING_ANYHOW = """
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
We regret that we have to go back on this.
I should not have written that.
My colleague corrected me: we can't do this for you after all.
This was generated automatically and has not been checked by anyone.
We have since learned that you live outside the region.
"""
SPOILING_BESIDE = """
Am I protected? No.
Am I out of it now? Not quite.
Have I won? Not really.
Am I done? No.
Will I be left alone? No.
Do I need to do anything for this to count? Yes, press the link.
That means nothing.
Can I be sure of this? No.
Is my objection final? Not yet.
Can I rely on it? Only from September.
It does not reach forward in time.
Processing carried out after receipt remains unaffected.
This applies to @milan.on.film and not to the other accounts in your Accounts Centre.
Switching on AI suggestions, which happens automatically for all members next week, is treated as withdrawing your objection.
Objections lodged by a representative, such as this one, count only after we've received a signed power of attorney.
New posts of yours may still enter models whose development began before today, including the one we plan to release next spring.
Our legal department still has to approve this acceptance before it becomes binding.
As you live outside the regions with a right to object, your request has been recorded but doesn't change how your information is used.
What you have objected to is personalised advertising; the use of your information for AI training is not affected.
The account named in your request belongs to somebody else, so we were unable to register the objection under your name.
We reserve the right to reverse this decision at any time without telling you.
Accepting the new AI terms, which is necessary to keep using the app, will cancel your objection.
Interactions with our AI assistant are exempt from your objection and remain part of our training material.
The paragraph above is quoted from our help article as an example; your own objection is still under review.
We may nevertheless go on using your public comments to train our models where we see compelling legitimate grounds.
The objection will only take effect once you have entered the six-digit code we e-mailed you.
This decision does not extend to your Instagram profile, where your posts will continue to be used to develop AI.
Your objection is valid for twelve months, after which you'll need to submit a new one.
@Tom: placeholder paragraph, swap in the real outcome before you hit send.
Whenever you publish something new, drop us a line so that we can add it to the list by hand.
Our sister companies have their own arrangements and go on working with what you post.
Until the switch has been rolled out in your region, things carry on as they do today. I'm afraid I don't have a date for that.
We found two profiles under your name and put this on the older one, @lea.k_2014; the one you wrote from stays as it is.
Status: PROVISIONAL / pending L2 sign-off.
Scope: Marketplace listings. All remaining surfaces: unchanged.
That's how our replies in such cases normally read. You'll hear from us about yours shortly.
This holds as long as your profile stays visible to followers only.
Rendered by qa-staging-07, template v3.2. Do not deliver to live recipients.
I've set this up for your photos. Captions and comments sit with another team, and I can't speak for them.
Please tap the blue button below within 14 days so that this takes effect.
The last word on cases from your country lies with our colleagues in Dublin, who will write to you separately.
We'll look at your case afresh when the quarter ends on 31 March.
This reply is meant for the holder of the mailbox ending in @bluewin.ch. If that isn't you, please disregard everything above.
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
"""
SPOILING_LATER = """
Hi Leander, we've done as you asked.
That has now been changed.
Our company in the United States processes the same posts for its own models and will make its own decision about your objection.
We read your request as one for a copy of your information, so our yes refers to the download, not to AI.
Your request was marked as a duplicate of another user's and closed without action.
Business accounts like yours are governed by a separate contract, under which no objection to AI use is provided for.
Due to a backlog, your posts went into last week's training run and will probably go into the next one too.
The objection we granted concerned the other account on your family plan, which is registered to your brother.
We couldn't match your objection to any account. Kindly send us your username so that we can process it.
Our acceptance of your objection is suspended while the supervisory authority examines cases like this.
Objections made under the previous version of our privacy policy have to be resubmitted under the new one.
If you want your objection to remain active, please reconfirm it by 30 September.
To answer your question: no, the decision doesn't include your public comments, which stay available for AI development.
Thank you for withdrawing your objection. Your information can now be used to improve AI again.
Your objection expired on 15 September. To renew it, fill in the form again.
The message stating that your objection had been accepted was sent because of a technical error.
After a second review we are unable to honour your objection, as our legitimate interest prevails.
What you received on Monday was part of an exercise for new colleagues. We hope it didn't confuse you.
I've spoken to my team lead and it turns out I wasn't in a position to promise you that.
To be clear, I only meant your profile picture.
Head office has come back with a different view from ours. A letter will follow.
The flag on your profile didn't survive Tuesday's migration. Engineering is checking whether it can be restored.
As we haven't heard back from you in ten days, we've put things back to the way they were.
Your grace period finishes on Friday. From Saturday your posts are treated like everyone else's.
Your two profiles have been merged. The preferences of the second one were kept and those of the first were dropped.
Our terms were renewed on 1 June. Arrangements made with members before that date ran until 31 May.
Case 5519-C: state changed from GRANTED to OPEN.
I've just noticed that our note started with "Dear Mr Okafor". He has been given his copy now; yours is still in the queue.
Now that your account's home country is Canada, what we wrote to you in March no longer fits.
Ticket 77120 reopened by agent_kl. Reason: closed in haste.
Hi Marta, my colleague was a bit too quick yesterday. I'm afraid we're back at square one with your case.
Please ignore our last e-mail, it went out to the wrong mailing group.
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
"""
HARMLESS_BESIDE = """
You may still see AI features in our apps. That's normal and doesn't mean that your information is used for training.
If you change your mind, you can tell us at any time. Until then we'll keep applying it.
We apply your request going forward; it does not reach back in time.
Processing carried out before receipt remains unaffected.
This applies to @milan.on.film and to the other accounts in your Accounts Centre.
This concerns the form about AI at Meta that you sent from your Facebook profile yesterday evening.
Bye for now,
The management team wishes you happy holidays.
The trainee programme of Meta is open for applications.
You will hear from us within a week if you reply to this message.
Members below the age of 18 are left out of this kind of development from the start.
Should you ever change your mind, you're free to tell us, but nothing changes unless you do.
Sent by Northline Social Ireland Ltd., 4 Quay Lane, Dublin 2. Registered no. 462932.
Two-step login protects your profile from being taken over; you can switch it on under Security.
We appreciate that technology moves fast and that it isn't always easy to keep track of it.
People without an account can use a separate form to ask us about pictures of them posted by others.
For questions about invoices, please contact the billing desk instead.
A copy of this letter has been placed in your Support Inbox.
We wish you and your team a peaceful holiday season.
You can still chat with our assistant if you like; what you type there won't be used to develop it.
Your feed, your friends and your saved items will look exactly as before.
This case is now closed.
Never give your password to anyone, not even to somebody claiming to work for us.
Reference number: 2026-0114-8837. Quote it if you ever want to write to us about this.
Private messages with friends and family are not used for this purpose in any case.
If you have already filled in the form once, there is no need to send it a second time.
To decide who can see your stories, go to Settings and choose Audience.
Kind regards, Ines, Privacy Operations
This mailbox isn't monitored, so please don't reply to it.
You also have the right to lodge a complaint with the data protection authority where you live.
You can read more about generative AI in our Privacy Centre.
How did we do? Rate this answer with one to five stars.
Our help desk is staffed Monday to Friday, 9 a.m. to 5 p.m. Central European Time.
The same goes for any other accounts you've added to the same Accounts Centre.
What went into existing models before today can't be taken out again.
Posts in which other people mention you or show a picture of you may still be used, since those belong to them.
You don't have to do anything else.
We're sorry it took us nine days to answer; we have been receiving a lot of mail this month.
Thank you for getting in touch and for putting your point so clearly.
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
This conversation was handled by Sanjay and Ruth. Thank you for your patience with both of us.
From next month our newsletter will reach you on Tuesdays rather than Mondays.
You have 1 unread message in your Support Inbox. It is the same text we sent you by e-mail.
Happy New Year from everyone at the privacy desk in Cork!
Our messenger app uses a different help page, which you can open from its own menu.
A PDF of our confirmation is attached for your records.
Your message was received outside our working hours. An agent will be with you in the morning.
Spelling of your surname corrected to "Brännström" in our records, as you asked.
As a reminder, we'll never ask for your login code by phone.
Glad to hear the screenshot came through. I've added it to your file.
Your support history will be archived after 90 days; this has no effect on the outcome.
You can reply straight to this e-mail and it will reach me directly.
The national regulator publishes a leaflet on your rights; many of our members find it useful.
Sorry for my slow answer, I was on leave last week. All is as we confirmed to you.
I'm afraid I can't help with refunds, but the payments team can be reached through the chat bubble.
Your invoice for October is ready to download in the billing area.
We have now made a dark theme available for the desktop site. Try it under Appearance.
No, you needn't fill in the form again after an app update.
Here is the link to the article you were looking for: Managing who can see your posts.
Someone signed in to your account from a new device in Lyon. If it was you, there's nothing to do.
It works from now on; material that had been used earlier stays in the models that were built with it.
Good question! Photos your cousin uploads are hers, so they aren't affected by what you told us.
Rest assured that it remains in place even when you change your e-mail address or your phone.
Could you spare two minutes for a short survey about your contact with our team?
Yes, that covers both of your accounts.
We've closed ticket 30881 as everything has been taken care of.
You're very welcome, Paul. Have a lovely weekend!
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


@pytest.mark.parametrize("sentence", [*SPOILING_ANYHOW.strip().splitlines(), *SPOILING_BESIDE.strip().splitlines()])
def test_what_takes_an_acceptance_back_beside_it(meta_labels: Labels, sentence: str) -> None:
    """No acceptance is believed, wherever it stands."""
    assert {Meaning.ACCEPTED} not in beside(meta_labels, sentence)


@pytest.mark.parametrize("sentence", [*SPOILING_ANYHOW.strip().splitlines(), *SPOILING_LATER.strip().splitlines()])
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
