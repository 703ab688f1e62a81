"""Reports as mail servers write them."""

FAILED = """Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"

--B1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {about}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; {said}

--B1
Content-Type: message/rfc822

Subject: Harbour & baths
To: {about}

What it said.

--B1--
"""

# qmail knows no RFC 3464.
OLD = """Return-Path: <>
From: MAILER-DAEMON@old.example.net
To: {to}
Subject: failure notice

Hi. This is the qmail-send program at old.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{about}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.
"""

AWAY = """Return-Path: <>
From: {about}
To: {to}
Subject: Out of office: Harbour & baths
Auto-Submitted: auto-replied
Content-Type: text/plain; charset=utf-8

I am away until Monday. Write to <{about}> again then.
"""

COMPLAINT = """From: feedback@bigmail.example
To: abuse@kommune.example
Subject: FW: Harbour & baths
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B1"

--B1
Content-Type: text/plain

This is an email abuse report.

--B1
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Bigmail/1
Version: 1
Original-Mail-From: <{to}>

--B1
Content-Type: message/rfc822

Subject: Harbour & baths

What it said.

--B1--
"""


def failed(to, about, *, action="failed", status="5.1.1", said="550 5.1.1 <{about}>: no such user"):
    """A report by the standard: to our address, about somebody's."""
    filled = FAILED.format(to=to, about=about, action=action, status=status, said=said.format(about=about))
    return filled.encode()
