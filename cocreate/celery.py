"""The clock and its workers. Beat only ticks; what is due is chosen by SQL, so losing a tick costs a second."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cocreate.settings")

app = Celery("cocreate")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# One queue per lane: a sign-in mail never waits behind ten thousand invitations.
PROMPT, BULK = "prompt", "bulk"
app.conf.task_default_queue = PROMPT


def tick(task, every, *args, queue=PROMPT):
    """A line of the clock's table. A tick nobody took before the next few came is thrown away, not saved up."""
    return {
        "task": task,
        "schedule": every,
        "args": args,
        "options": {"queue": queue, "expires": max(5.0, 2.0 * every)},
    }


# --- the clock: every line is a task of an app's tasks.py, how often (seconds), its arguments, its queue ----------
app.conf.beat_schedule = {
    "send what is prompt": tick("notices.tasks.drain", 1.0, "prompt"),
    "send what is bulk": tick("notices.tasks.drain", 1.0, "bulk", queue=BULK),
    "send what is bulk, with the other hand": tick("notices.tasks.drain", 1.0, "bulk", queue=BULK),
    "take back what a dead worker held": tick("notices.tasks.sweep", 10.0),
    "take in what came back": tick("notices.tasks.take_bounces", 60.0, queue=BULK),
    "show that the clock ticks": tick("cocreate.tasks.beat_ticked", 5.0),
    "remind of invitations": tick("partnerships.tasks.invitations.remind_invitations", 300.0, queue=BULK),
    "drop files nobody came back to": tick(
        "partnerships.tasks.invitations.forget_invitees", 3600.0, queue=BULK
    ),
    "forget who did not join": tick("partnerships.tasks.invitations.forget_unanswered", 3600.0, queue=BULK),
    "ask who is still willing": tick("partnerships.tasks.register.remind_register", 3600.0, queue=BULK),
    "end what has lapsed in registers": tick("partnerships.tasks.register.end_lapsed", 3600.0, queue=BULK),
    "tell of seats that are free again": tick(
        "partnerships.tasks.register.tell_free_seats", 300.0, queue=BULK
    ),
    "forget the words of those who were not chosen": tick(
        "partnerships.tasks.register.forget_words", 3600.0, queue=BULK
    ),
    "end invitations that have run out": tick(
        "partnerships.tasks.invitations.expire_invitations", 60.0, queue=BULK
    ),
    "remind of stages that are due": tick("partnerships.tasks.stages.remind_stage_due", 900.0, queue=BULK),
    "remind of functions that are offered": tick(
        "partnerships.tasks.convening.remind_leadership", 900.0, queue=BULK
    ),
    "remind of what gathering needs": tick(
        "partnerships.tasks.convening.remind_convening", 900.0, queue=BULK
    ),
    "remind of answers that are overdue": tick(
        "partnerships.tasks.convening.remind_promises", 900.0, queue=BULK
    ),
    "tell that a gate is open": tick("cocreate.tasks.tell_open_gates", 3600.0, queue=BULK),
    "gather what waits for people": tick("cocreate.tasks.owe_waiting_digests", 900.0, queue=BULK),
    "remind of partnerships that rest": tick(
        "partnerships.tasks.pauses.remind_to_look_again", 900.0, queue=BULK
    ),
    "remind of accounts that are owed": tick(
        "partnerships.tasks.closing.remind_of_accounts", 900.0, queue=BULK
    ),
    "remind of what was promised": tick("cocreate.tasks.remind_commitments", 900.0, queue=BULK),
    "open decisions that are due": tick("partnerships.tasks.decisions.open_due_decisions", 60.0),
    "close decisions that are due": tick("partnerships.tasks.decisions.close_due_decisions", 60.0),
    "remind of decisions that close soon": tick(
        "partnerships.tasks.decisions.remind_undecided", 300.0, queue=BULK
    ),
    "remind of objections": tick("partnerships.tasks.decisions.remind_of_objections", 900.0, queue=BULK),
    "bring back what was put off": tick("partnerships.tasks.answering.bring_back_put_off", 900.0, queue=BULK),
    "remind of answers that members wait for": tick(
        "partnerships.tasks.answering.remind_answers_owed", 900.0, queue=BULK
    ),
    "remind of steps": tick("solutions.tasks.remind_steps", 900.0, queue=BULK),
    "remind of requests": tick("solutions.tasks.remind_requests", 900.0, queue=BULK),
    "ask for reports": tick("solutions.tasks.remind_owed_reports", 900.0, queue=BULK),
    "forget the phones of workshops": tick("partnerships.tasks.workshops.forget_phones", 3600.0, queue=BULK),
    "remind of meetings": tick("partnerships.tasks.meetings.remind_meetings", 300.0, queue=BULK),
    "remind of polls about a time": tick("partnerships.tasks.meetings.remind_polls", 300.0, queue=BULK),
    "forget what people needed": tick("partnerships.tasks.meetings.forget_needs", 3600.0, queue=BULK),
}
