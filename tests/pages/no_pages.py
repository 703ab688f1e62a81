"""Every address that is no page, with the reason why."""

PRESSED = "it is a button: what it does shows on the page that it leads to"
IN_THE_MIDDLE = "it shows only in the middle of a sign-in; tests/pages/test_account_pages.py goes there"
ELSEWHERE = "the other site of a sign-in by OpenID Connect answers here"
NO_PAGE = {
    **dict.fromkeys(
        [
            *("leave_register", "freeze_register", "step_back", "close_call", "choose_volunteers"),
            *("decline_volunteers", "freeze_volunteers", "draw_lots", "take_list_back", "ask_next"),
            *("answer_question", "answer_leadership", "end_leadership", "note_call"),
            *("answer_substitution", "end_substitution", "answer_for"),
            *("begin", "fork_template", "retire_template", "reset_setting"),
            *("pause_partnership", "resume", "join_waiver", "withdraw_waiver", "publish_account"),
            *("withdraw_handover", "answer_need", "close_need", "ask_relief", "end_relief", "answer_relief"),
            *("take_over_commitment", "answer_thanks"),
            *("enter_workshop", "send_note", "withdraw_note", "move_notes", "hide_notes", "show_note"),
            *("write_prompt", "open_prompt", "close_prompt", "lock_workshop", "give_dots"),
            *("answer_sounding", "close_sounding"),
            *("advance", "waive", "change_due", "take_my_data", "choose_language", "be"),
            *("choose_messages", "affiliate", "end_affiliation", "give_office", "end_office"),
            *("preview_invitation", "remind_unanswered", "withdraw_drafts"),
            *("seen", "open_notice", "mark_notice", "mark_notices", "unfollow", "choose_as_everywhere"),
            *("make_calendar", "end_calendar"),
            *("post_letters", "remind_invitation", "remove_seat", "remove_group", "withdraw_join_request"),
            *("show_contribution", "remove_attachment", "start_charter", "join_authors"),
            *("take_on_answer", "release_answer", "make_appeal", "decide_appeal", "end_writing_pause"),
            *("save_draft", "discard_draft", "withdraw_suggestion"),
            *("take_up_suggestion", "turn_down_suggestion"),
            *("take_position", "close_decision", "withdraw_decision", "arrange_agenda"),
            *("send_agenda", "remove_item", "answer_item", "mark_times", "pick_time", "withdraw_poll"),
            *("accept_commitment", "decline_commitment", "settle_commitment"),
            *(
                "take_back_commitment",
                "renegotiate_commitment",
                "start_definition",
                "start_value_proposition",
            ),
            *("withdraw_request", "note_privately", "appoint", "end_appointment", "own_step", "report_step"),
        ],
        PRESSED,
    ),
    **dict.fromkeys(
        [
            *("account_confirm_login_code", "account_confirm_password_reset_code", "mfa_authenticate"),
            *("account_complete_password_reset", "account_password_reset_completed", "mfa_reauthenticate"),
            *("account_email_verification_sent", "account_set_password", "socialaccount_signup"),
            *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
            *(
                "mfa_activate_totp",
                "mfa_download_recovery_codes",
            ),
        ],
        IN_THE_MIDDLE,
    ),
    "step_numbered": "it leads on to the page of the step",
    "my_messages": "it moved: the notices stand there now",
    "openid_connect_login": ELSEWHERE,
    "openid_connect_callback": ELSEWHERE,
    "demonstration_letter": "it needs a caught mail; tests/cocreate/test_demonstration.py reads one",
}
