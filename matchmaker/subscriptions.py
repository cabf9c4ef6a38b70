"""One table: which domain event has which consequences.

Consequences run in the transaction of the event, in the order given here. They never send anything
themselves: they put a message into the outbox or a request into the index queue.
"""

from __future__ import annotations

from matchmaker.accounts.events import InvitationSent, SignInMailDue, UserLocked
from matchmaker.core.domain_events import DomainEvent, Handler
from matchmaker.matching import consequences as matching
from matchmaker.notifications import consequences as mail
from matchmaker.posts import consequences as post_mail
from matchmaker.posts.events import PostEvent, PostExpiring, PostMoved

SUBSCRIPTIONS: dict[type[DomainEvent], tuple[Handler, ...]] = {
    InvitationSent: (mail.mail_invitation,),
    UserLocked: (mail.mail_lock,),
    SignInMailDue: (mail.mail_from_sign_in_pages,),
    PostEvent: (matching.index_post_soon,),
    PostMoved: (post_mail.mail_about_move,),
    PostExpiring: (post_mail.mail_about_expiry,),
}
