"""The parts of pages: what they say, what they leave out, and what they escape."""

import datetime
import re
import time

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.utils import translation

from boundary.answer import YES, no
from boundary.inputs import DateInput, DateTimeInput
from cocreate import arena
from partnerships.models import Partnership
from partnerships.places import Place


def drawn(source, request=None, **context):
    return engines["django"].from_string(source).render(context, request)


def plain(html):
    """What a reader hears: the text without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


def test_a_sector_is_a_shape_a_colour_and_a_name():
    html = drawn('{% sector "political" %}')
    assert plain(html) == "Elected members"
    assert "sec-elected" in html
    assert "#s-elected" in html


def test_a_sector_nobody_knows_is_said_to_be_unknown():
    assert plain(drawn('{% sector "" %}')) == "No sector yet"


def test_an_icon_with_a_label_speaks_and_one_without_is_silent():
    assert 'aria-label="Members &lt;only&gt;"' in drawn('{% icon "lock" label="Members <only>" %}')
    assert 'aria-hidden="true"' in drawn('{% icon "lock" %}')


def test_the_ring_of_seats_is_read_out_as_a_sentence():
    seats = [("private", False), ("citizens", True), ("citizens", True), ("private", True)]
    html = drawn("{% seat_ring seats %}", seats=seats)
    assert 'aria-label="3 of 4 seats taken: 2 Residents, 1 Business. Open seats: 1 Business."' in html
    assert html.count("<use") == 4
    assert html.count("#s-business-o") == 1


def test_a_ring_without_seats_is_not_drawn():
    assert drawn("{% seat_ring seats %}", seats=[]) == ""


@pytest.mark.parametrize(
    ("stage", "sentence", "done", "ahead"),
    [
        ("initiate", "Stage 1 of 7: Initiate.", 0, 7),
        ("design", "Stage 4 of 7: Design.", 3, 4),
        ("evaluate", "Stage 7 of 7: Evaluate.", 6, 1),
        ("closed", "Closed.", 8, 0),
    ],
)
def test_the_stage_thread_says_where_we_are(stage, sentence, done, ahead):
    html = drawn("{% stage_thread stage note=note %}", stage=stage, note="Soon <b>more</b>.")
    assert f"<strong>{sentence}</strong> Soon &lt;b&gt;more&lt;/b&gt;." in html
    assert (html.count('data-state="done"'), html.count('data-state="todo"')) == (done, ahead)


def test_an_allowed_deed_is_shown():
    assert drawn("{% answer rule %}<button>Go</button>{% endanswer %}", rule=YES) == "<button>Go</button>"


def test_a_refused_deed_says_why_and_what_would_help():
    html = drawn(
        "{% answer rule %}<button>Go</button>{% endanswer %}", rule=no("Only <members>.", "Ask Ida.")
    )
    assert plain(html) == "Only &lt;members&gt;. Ask Ida."
    assert "<button" not in html


def test_a_refused_deed_can_be_left_out_in_silence():
    assert drawn("{% answer rule quiet=True %}Go{% endanswer %}", rule=no("Only members.")) == ""


def test_what_changed_is_marked_word_by_word_and_escaped():
    html = drawn("{% word_diff old new %}", old="One two <b>three</b>.", new="One four <b>three</b>.")
    assert re.sub(r'<span class="ds-sr-only" dir="auto">[^<]*</span>', "", html) == (
        "One <del>two</del><ins>four</ins> &lt;b&gt;three&lt;/b&gt;."
    )
    assert plain(html) == "One [removed: two][added: four] &lt;b&gt;three&lt;/b&gt;."


def test_what_changed_in_a_very_long_text_is_found_at_once():
    old = "\n".join(f"Line {i} about the harbour.\n" for i in range(10_000))
    started = time.perf_counter()
    html = drawn(
        "{% word_diff old new %}", old=old, new=old.replace("Line 77 about", "Line 77 near") + "x" * 50_000
    )
    assert time.perf_counter() - started < 5
    assert "near" in html


def test_pages_keep_search_and_filters(rf):
    page = Paginator(range(100), 20).page(2)
    html = drawn("{% pagination page %}", rf.get("/?q=bath&page=2"), page=page)
    assert '<a class="co-pages__n" href="?q=bath&amp;page=3">' in html
    assert html.count('aria-current="page"') == 1
    assert 'rel="prev"' in html


def test_one_page_needs_no_pages(rf):
    assert plain(drawn("{% pagination page %}", rf.get("/"), page=Paginator(range(3), 20).page(1))) == ""


def test_a_section_that_no_app_offers_has_no_tab(settings, rf):
    place = Place(Partnership(slug="a", visibility="public"), None, None)
    request = rf.get("/partnerships/a/people/")
    html = arena.tabs(request, place)
    assert plain(html).startswith("OverviewPeople")
    assert "Manage" not in plain(html)
    assert re.findall(r'href="(\S+)" aria-current="page"', html) == ["/partnerships/a/people/"]
    settings.ROOT_URLCONF = "tests.gallery.urls"
    assert plain(arena.tabs(request, place)) == ""


def test_an_unmet_criterion_says_who_can_fix_it_and_where():
    criteria = [
        {
            "label": "Charter adopted",
            "state": "missing",
            "hard": True,
            "help": "A convener opens it.",
            "url": "/c/",
        },
        {"label": "Members joined", "state": "met", "help": "Not needed.", "url": "/m/"},
    ]
    html = drawn("{% checklist criteria %}", criteria=criteria)
    assert plain(html) == (
        "Not met: Charter adopted required A convener opens it. Go there "
        "Met: Members joined See it: Members joined"
    )


def test_how_far_is_said_in_numbers_and_nothing_to_do_is_no_error():
    assert plain(drawn('{% progress 12 30 "answered" %}')) == "12 of 30 answered"
    with translation.override("da"):
        assert 'max="2000" value="1500"' in drawn('{% progress 1500 2000 "svar" %}')
    assert 'max="1"' in drawn('{% progress 0 0 "answered" %}')


class Meeting(forms.Form):
    title = forms.CharField(label="What is it about?", min_length=5)
    day = forms.DateField(label="Day", widget=DateInput)
    starts_at = forms.DateTimeField(label="Start", widget=DateTimeInput, required=False)
    kind = forms.ChoiceField(
        label="Kind", choices=[("room", "Room"), ("link", "Link")], widget=forms.RadioSelect
    )
    secret = forms.CharField(widget=forms.HiddenInput)


def test_each_mistake_is_said_on_top_and_beside_its_field():
    html = drawn("{{ form }}", form=Meeting({"title": "Bad", "day": "soon"}))
    links = re.findall(r'<a class="ds-link" href="#([^"]+)">([^<]+)</a>', html)
    assert [target for target, _words in links] == ["id_title", "id_day", "id_kind_0", "main"]
    assert links[0][1] == "What is it about? – Ensure this value has at least 5 characters (it has 3)."
    assert 'aria-describedby="id_title_error"' in html
    assert '<div id="id_title_error"><p class="ds-validation-message">' in html
    assert 'value="Bad"' in html
    assert 'value="soon"' in html


def test_a_form_marks_what_may_be_left_out():
    html = drawn("{{ form }}", form=Meeting())
    assert re.findall(r">([^<>]+) \(optional\)<", html) == ["Start"]
    assert "ds-error-summary" not in html


@pytest.mark.parametrize("language", ["en", "da"])
def test_days_are_written_for_the_browser_in_every_language(language):
    with translation.override(language):
        html = drawn("{{ form }}", form=Meeting(initial={"day": datetime.date(2027, 2, 18)}))
        assert re.search(r'<input type="date" name="day" value="2027-02-18" class="ds-input"', html)
        assert (
            Meeting({"title": "Choosing", "day": "2027-02-18", "kind": "room", "secret": "x"})["day"].errors
            == []
        )
