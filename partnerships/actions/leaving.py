"""What somebody who leaves lets go of: promises, functions, offers of help. Their words stay."""

from ..models import Commitment, Leadership
from ..models.commitments import STANDING as PROMISED
from ..models.leadership import STANDING as CARRIED
from ..stages import opens
from .commitments import decline_commitment, settle_commitment
from .leadership import end_leadership
from .relief import decline_help_for

State = Commitment.State
OPEN = [State.ASKED, State.OFFERED, *PROMISED]


def let_go(member, *, promises, by, at):
    """Settle the promises of who leaves as they say, take back what waits, hand their functions on.

    promises: {commitment id: (state, note)}; what is not named stays open, as left by its owner, for others to take
    over. The partnership is locked by the caller, and the member is still present.
    """
    mine = Commitment.objects.filter(member=member, state__in=OPEN)
    if opens(member.partnership.stage, "answer_commitment"):
        for commitment in mine.select_related("member__person", "partnership"):
            _settle(commitment, promises, by=by, at=at)
    for leadership in Leadership.objects.filter(member=member, state__in=CARRIED):
        end_leadership(leadership=leadership, by=by, at=at)
    decline_help_for(member, at=at)


def _settle(commitment, promises, *, by, at):
    if commitment.state == State.ASKED:
        decline_commitment(commitment=commitment, by=by, at=at)
    elif commitment.state == State.OFFERED:
        settle_commitment(commitment=commitment, state=State.WITHDRAWN, note="", by=by, at=at)
    elif commitment.pk in promises:
        state, note = promises[commitment.pk]
        settle_commitment(commitment=commitment, state=state, note=note, by=by, at=at)
