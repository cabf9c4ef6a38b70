"""One table: which domain event has which consequences.

Consequences run in the transaction of the event, in the order given here. They never send anything
themselves: they put a message into the outbox or a request into the index queue.
"""

from __future__ import annotations

from matchmaker.accounts.events import (
    GlobalRoleChanged,
    InvitationSent,
    SignInHelpWanted,
    SignInMailDue,
    UserLocked,
)
from matchmaker.core.domain_events import DomainEvent, Handler
from matchmaker.matching import consequences as matching
from matchmaker.matching.releases import consequences as release_mail
from matchmaker.matching.releases.events import VersionTrained
from matchmaker.matching.terms.events import VocabularyChanged
from matchmaker.notifications import consequences as mail
from matchmaker.organizations.events import OrganizationWithdrawn
from matchmaker.partnering.coalitions import consequences as coalition_mail
from matchmaker.partnering.coalitions import following as coalition_moves
from matchmaker.partnering.coalitions.events import (
    CoalitionClosed,
    CoalitionMemberAnswered,
    CoalitionMemberAsked,
    CoalitionReached,
)
from matchmaker.partnering.consortia import consequences as consortia
from matchmaker.partnering.consortia.events import (
    ConsortiumChanged,
    ConsortiumLeadAnswered,
    ConsortiumLeadOffered,
    ConsortiumMoved,
    PartnerMoved,
)
from matchmaker.partnering.introductions import consequences as introduction_mail
from matchmaker.partnering.introductions import following as introductions
from matchmaker.partnering.introductions import meetings as table_talks
from matchmaker.partnering.introductions.events import (
    IntroductionCorrected,
    IntroductionMoved,
    IntroductionNudged,
    IntroductionSent,
)
from matchmaker.partnering.introductions.matches import consequences as matches
from matchmaker.partnering.introductions.matches.events import (
    AppointmentChanged,
    MatchChanged,
    MatchMade,
    MatchUndone,
)
from matchmaker.partnering.introductions.post_questions import consequences as post_questions
from matchmaker.partnering.introductions.post_questions.events import (
    PostQuestionAsked,
    PostQuestionMoved,
)
from matchmaker.partnering.pilots import consequences as pilots
from matchmaker.partnering.pilots.events import PilotMoved, PilotReportDue
from matchmaker.posts import consequences as post_mail
from matchmaker.posts.attachments import service as attachments
from matchmaker.posts.events import PostDeleted, PostEvent, PostExpiring, PostMoved
from matchmaker.posts.imports import consequences as import_mail
from matchmaker.posts.imports.events import ImportFinished
from matchmaker.regional_events.floor import consequences as event_floor
from matchmaker.regional_events.floor.events import QuestionReworded, QuestionSent
from matchmaker.regional_events.planning import consequences as event_mail
from matchmaker.regional_events.planning.events import (
    EventChanged,
    EventMoved,
    InviteesChanged,
    TrackChanged,
)
from matchmaker.regional_events.planning.programme import consequences as speaker_mail
from matchmaker.regional_events.planning.programme import moving as programme
from matchmaker.regional_events.planning.programme.events import SpeakerAnswered, SpeakerAsked
from matchmaker.regional_events.registrations import consequences as seat_mail
from matchmaker.regional_events.registrations import following as seats
from matchmaker.regional_events.registrations.corrections import TicketSentAgain
from matchmaker.regional_events.registrations.events import (
    AttendeeCancelled,
    HandedOver,
    MailToConfirm,
    OfferEnded,
    OrganizationCorrected,
    RegisteredAgain,
    SeatConfirmed,
    SeatOffered,
    SeatWaiting,
    TrackMoved,
)
from matchmaker.regional_events.reports import consequences as event_reports
from matchmaker.regional_events.reports.events import GuestDeletionNear
from matchmaker.regional_events.reports.retention import consequences as guest_retention
from matchmaker.regional_events.tables import consequences as table_mail
from matchmaker.regional_events.tables.events import OutcomeRecorded, TablesReleased
from matchmaker.surveys import consequences as survey_mail
from matchmaker.surveys.events import AnswersWanted
from matchmaker.working_groups.calls import consequences as call_mail
from matchmaker.working_groups.calls.events import (
    CallCancelled,
    CallClosingSoon,
    CallExtended,
    CallOpened,
    CallQuestionAsked,
    CallQuestionMoved,
    ReviewerAdded,
    ReviewerLeft,
)
from matchmaker.working_groups.groups import consequences as group_mail
from matchmaker.working_groups.groups.events import (
    ApplicationDecided,
    ApplicationMade,
    GroupMoved,
    MemberEnded,
    MemberInvited,
    MemberJoined,
    MemberRoleChanged,
    SeatHandedOver,
)
from matchmaker.working_groups.meetings import consequences as meeting_mail
from matchmaker.working_groups.meetings.events import (
    AttendanceAnswered,
    MeetingChanged,
    MeetingMoved,
)
from matchmaker.working_groups.meetings.minutes import consequences as minutes_mail
from matchmaker.working_groups.meetings.minutes.events import (
    MinutesChecked,
    MinutesPublished,
    SpeakersAsked,
)
from matchmaker.working_groups.proposals import call_consequences as authors
from matchmaker.working_groups.proposals import consequences as proposal_mail
from matchmaker.working_groups.proposals.events import (
    AuthorAnswered,
    AuthorInvited,
    AuthorLeft,
    AuthorsBroughtTogether,
    CoordinationAnswered,
    CoordinationEnded,
    LeadHandedOver,
    LeadOffered,
    ProposalExtended,
    ProposalMoved,
)
from matchmaker.working_groups.reviews import consequences as reviews
from matchmaker.working_groups.reviews.events import (
    DecisionCorrected,
    DecisionReleased,
    ReviewReopened,
    ReviewsAssigned,
)

SUBSCRIPTIONS: dict[type[DomainEvent], tuple[Handler, ...]] = {
    InvitationSent: (mail.mail_invitation,),
    UserLocked: (mail.mail_lock,),
    SignInMailDue: (mail.mail_from_sign_in_pages,),
    SignInHelpWanted: (mail.mail_help_wanted,),
    VersionTrained: (release_mail.mail_new_version,),
    PostEvent: (matching.index_post_soon,),
    VocabularyChanged: (matching.read_posts_anew,),
    PostMoved: (
        post_mail.mail_about_move,
        introductions.follow_post,
    ),
    PostExpiring: (post_mail.mail_about_expiry,),
    PostDeleted: (attachments.remove_all, introduction_mail.mail_about_deleted_post),
    ImportFinished: (import_mail.mail_about_import,),
    CoalitionMemberAsked: (coalition_mail.mail_question,),
    CoalitionMemberAnswered: (coalition_mail.mail_answer,),
    CoalitionReached: (coalition_mail.mail_reached,),
    CoalitionClosed: (coalition_mail.mail_closed,),
    GroupMoved: (group_mail.mail_about_move,),
    MemberJoined: (group_mail.mail_about_joining,),
    MemberRoleChanged: (group_mail.mail_about_role,),
    MemberEnded: (group_mail.mail_about_end,),
    SeatHandedOver: (group_mail.mail_about_handover,),
    ApplicationMade: (group_mail.mail_about_application,),
    MemberInvited: (group_mail.mail_invitation,),
    ApplicationDecided: (group_mail.mail_about_answer,),
    MeetingMoved: (meeting_mail.mail_about_move,),
    MeetingChanged: (meeting_mail.mail_about_change,),
    AttendanceAnswered: (meeting_mail.mail_about_answer,),
    SpeakersAsked: (minutes_mail.mail_speakers,),
    MinutesChecked: (minutes_mail.mail_about_check,),
    MinutesPublished: (minutes_mail.mail_publication,),
    CallOpened: (call_mail.announce_call,),
    CallCancelled: (authors.mail_cancelled_call,),
    CallExtended: (authors.mail_extended_call,),
    CallClosingSoon: (authors.mail_closing_soon,),
    CallQuestionAsked: (call_mail.tell_of_question,),
    CallQuestionMoved: (call_mail.tell_asker,),
    ReviewerAdded: (call_mail.welcome_reviewer, reviews.follow_reviewers),
    ReviewerLeft: (reviews.follow_reviewers,),
    GlobalRoleChanged: (call_mail.release_former_reviewer,),
    SpeakerAsked: (speaker_mail.mail_consent_request,),
    SpeakerAnswered: (speaker_mail.mail_answer,),
    AnswersWanted: (
        survey_mail.mail_those_without_answer,
        event_reports.mail_guests_without_answer,
    ),
    GuestDeletionNear: (guest_retention.tell_staff,),
    ReviewsAssigned: (reviews.mail_assignments,),
    ReviewReopened: (reviews.mail_reopening,),
    DecisionReleased: (reviews.mail_decision,),
    DecisionCorrected: (reviews.mail_correction,),
    ProposalMoved: (
        proposal_mail.mail_about_move,
        proposal_mail.encode_soon,
        reviews.follow_proposal,
        consortia.follow_proposal,
    ),
    ProposalExtended: (proposal_mail.mail_extension,),
    AuthorInvited: (proposal_mail.mail_invitation,),
    AuthorAnswered: (proposal_mail.mail_answer, reviews.follow_authors),
    AuthorLeft: (proposal_mail.mail_leaving, reviews.follow_authors),
    LeadOffered: (proposal_mail.mail_lead_offer,),
    LeadHandedOver: (proposal_mail.mail_hand_over,),
    AuthorsBroughtTogether: (proposal_mail.mail_coordination,),
    CoordinationAnswered: (proposal_mail.mail_coordination_answer,),
    CoordinationEnded: (proposal_mail.mail_coordination_end,),
    EventMoved: (
        programme.move_sessions,
        seats.follow_move,
        seat_mail.tell_event_move,
        event_mail.tell_staff_of_move,
        event_mail.send_invitations,
    ),
    EventChanged: (
        programme.move_sessions,
        seats.follow_change,
        seat_mail.tell_event_change,
        event_mail.tell_staff_of_change,
    ),
    TablesReleased: (table_mail.mail_timetables,),
    InviteesChanged: (event_mail.send_invitations,),
    TrackChanged: (seats.follow_seats,),
    QuestionSent: (event_floor.encode_soon,),
    QuestionReworded: (event_floor.encode_soon,),
    MailToConfirm: (seat_mail.ask_to_confirm,),
    OrganizationCorrected: (seat_mail.tell_organization,),
    RegisteredAgain: (seat_mail.tell_registered,),
    SeatConfirmed: (seat_mail.tell_seat,),
    SeatWaiting: (seat_mail.tell_line,),
    SeatOffered: (seat_mail.tell_offer,),
    OfferEnded: (seat_mail.tell_offer_end,),
    TrackMoved: (seat_mail.tell_move,),
    HandedOver: (seat_mail.tell_hand_over,),
    AttendeeCancelled: (seat_mail.tell_cancellation,),
    TicketSentAgain: (seat_mail.tell_again,),
    IntroductionSent: (introduction_mail.mail_interest,),
    IntroductionMoved: (
        introduction_mail.mail_move,
        matches.begin_match,
        matches.end_match,
    ),
    IntroductionNudged: (introduction_mail.mail_reminder,),
    IntroductionCorrected: (introduction_mail.mail_correction,),
    OrganizationWithdrawn: (
        introductions.follow_withdrawal,
        coalition_moves.follow_withdrawal,
        consortia.drop_out_of_consortia,
    ),
    OutcomeRecorded: (table_talks.follow_outcome,),
    MatchMade: (matches.mail_match,),
    MatchUndone: (matches.mail_undone,),
    MatchChanged: (matches.mail_change,),
    PostQuestionAsked: (post_questions.tell_owner,),
    PostQuestionMoved: (post_questions.tell_asker, post_questions.tell_owner_of_end),
    AppointmentChanged: (matches.mail_appointment,),
    ConsortiumChanged: (consortia.mail_new_version,),
    ConsortiumMoved: (consortia.mail_about_move, pilots.follow_consortium),
    PartnerMoved: (consortia.mail_about_partner, pilots.follow_partner),
    ConsortiumLeadOffered: (consortia.mail_lead_offer,),
    ConsortiumLeadAnswered: (consortia.mail_lead_answer,),
    PilotMoved: (pilots.follow_move, pilots.mail_about_move),
    PilotReportDue: (pilots.mail_about_due_report,),
}
