"""Every kind of message the site writes, by name. Each app declares its own; the outbox reads this table."""

import actors.messages
import partnerships.messages
import solutions.messages

DECLARED = [*actors.messages.KINDS, *partnerships.messages.KINDS, *solutions.messages.KINDS]
KINDS = {kind.name: kind for kind in DECLARED}
