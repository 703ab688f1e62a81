"""A table of people to invite, checked row by row: what can be drafted, and what is wrong on which line."""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from actors.models import Sector
from boundary.addresses import what_is_wrong
from boundary.csv import Unreadable, looks_like_formula, read

from .models import Group, Invitation, Member
from .models.members import Role

MOST = 20_000  # rows; more than a convener may send in four days by default
COLUMNS = {  # field of an invitation -> headings that stand for it, in lower case
    "name": ("name", "navn", "fulde navn"),
    "address": (
        "e-mail",
        "email",
        "mail",
        "e-mail address",
        "e-mailadresse",
        "mailadresse",
        "address",
        "adresse",
    ),
    "sector": ("sector", "sektor"),
    "organization_name": ("organization", "organisation"),
    "group": ("group", "gruppe"),
    "role": ("role", "rolle"),
    "language": ("language", "sprog"),
    "why_you": ("why you", "why", "hvorfor dig", "hvorfor"),
}
LENGTHS = {"name": 120, "organization_name": 200, "why_you": 1000}  # characters
LANGUAGES = {"english": "en", "engelsk": "en", "danish": "da", "dansk": "da"}


@dataclass(frozen=True)
class Wrong:
    """What is wrong on a line of the file, as a sentence."""

    line: int
    cell: str
    sentence: str


@dataclass
class Checked:
    """A table as it was understood: the rows to draft, what is wrong with the others, columns nobody knows."""

    people: list = field(default_factory=list)  # dicts as draft_invitations takes them
    wrong: list = field(default_factory=list)
    unknown: list = field(default_factory=list)


def check(text, partnership):
    """The Checked table of a file's text: three queries, whatever its length. Raises Unreadable for no table at all."""
    rows = read(text)
    if not rows:
        raise Unreadable(_("The file is empty."))
    headings, *rows = rows
    columns, unknown = _columns(headings[1])
    if len(rows) > MOST:
        raise Unreadable(
            _(
                "The file has %(rows)s rows. At most %(most)s fit: split it, and send the parts one after the other."
            )
            % {"rows": len(rows), "most": MOST}
        )
    known = Known.of(partnership)
    checked = Checked(unknown=unknown)
    for line, cells in rows:
        found = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))
        found.pop(None, None)
        facts, wrong = known.read(line, found)
        if wrong:
            checked.wrong.append(Wrong(line, *wrong))
        else:
            checked.people.append(facts)
    return checked


def _columns(headings):
    """(the field of each column, or None; headings that stand for nothing). Raises Unreadable without any name."""
    by_heading = {heading: name for name, known in COLUMNS.items() for heading in known}
    columns = [by_heading.get(heading.strip().lower()) for heading in headings]
    if "address" not in columns and "name" not in columns:
        raise Unreadable(
            _(
                "The first row has no heading “name” or “e-mail”. Found: %(found)s. "
                "Write the headings, with a semicolon or a comma between them."
            )
            % {"found": ", ".join(headings)[:200]}
        )
    doubled = sorted({name for name in columns if name and columns.count(name) > 1})
    if doubled:
        raise Unreadable(_("Two columns have the heading “%(name)s”. Keep one.") % {"name": doubled[0]})
    return columns, [heading for heading, name in zip(headings, columns, strict=True) if heading and not name]


def _named(choices):
    """{what may stand in a cell, in lower case: value}: keys and names of choices, in every language of the site."""
    found = {str(value).lower(): str(value) for value, _label in choices}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {str(label).lower(): str(value) for value, label in choices}
    return found


@dataclass
class Known:
    """What a row is checked against, and what has been seen so far."""

    partnership: object
    groups: dict
    invited: set
    members: set
    sectors: dict
    roles: dict
    seen: dict = field(default_factory=dict)

    @classmethod
    def of(cls, partnership):
        """What is known of a partnership: three queries."""
        groups = {group.name.lower(): group for group in Group.objects.filter(partnership=partnership)}
        live = Invitation.objects.live().filter(partnership=partnership).values_list("address", "name")
        members = Member.objects.present().filter(partnership=partnership).exclude(person__email="")
        return cls(
            partnership,
            groups,
            {(address.lower(), name.lower()) for address, name in live},
            {email.lower() for email in members.values_list("person__email", flat=True)},
            _named(Sector.choices),
            _named(Role.choices),
        )

    def read(self, line, found):
        """(facts for a draft, None), or (None, (the cell, what is wrong with it))."""
        wrong = self._text(found) or self._address(line, found) or self._choices(found)
        if wrong:
            return None, wrong
        group = self.groups.get(found["group"].lower())
        sector = self.sectors.get(found["sector"].lower(), Sector.CITIZENS)
        return found | {
            "group": group,
            "sector": group.sector if group and not found["sector"] else sector,
            "role": self.roles.get(found["role"].lower(), Role.MEMBER),
            "language": _language(found["language"]) or self.partnership.language,
        }, None

    def _text(self, found):
        for name, cell in found.items():
            if looks_like_formula(cell):
                return cell, _("This begins like a formula. Type the words themselves.")
            if "\x00" in cell or len(cell) > LENGTHS.get(name, 254):
                return cell[:60], _("This is too long: at most %(most)s characters.") % {
                    "most": LENGTHS.get(name, 254)
                }
        return None

    def _address(self, line, found):
        address, name = found["address"].lower(), found["name"].lower()
        if not address:
            return None if name else ("", _("There is neither an address nor a name for a letter on paper."))
        if sentence := what_is_wrong(found["address"]):
            return found["address"], sentence
        if address in self.members:
            return found["address"], _("%(email)s is a member already.") % {"email": found["address"]}
        if (address, name) in self.invited:
            return found["address"], _("%(email)s is invited already.") % {"email": found["address"]}
        first = self.seen.setdefault((address, name), line)
        if first != line:
            return found["address"], _("The same address and name stand on line %(line)s.") % {"line": first}
        return None

    def _choices(self, found):
        if found["sector"] and found["sector"].lower() not in self.sectors:
            return found["sector"], _("There is no such sector. Use one of: %(known)s.") % {
                "known": ", ".join(str(label) for _value, label in Sector.choices)
            }
        if found["group"] and found["group"].lower() not in self.groups:
            return found["group"], _("No group on the map has this name.")
        if found["role"] and found["role"].lower() not in self.roles:
            return found["role"], _("There is no such role. Use one of: %(known)s.") % {
                "known": ", ".join(str(label) for _value, label in Role.choices)
            }
        if found["language"] and not _language(found["language"]):
            return found["language"], _("The site does not speak this language. Use one of: %(known)s.") % {
                "known": ", ".join(code for code, _name in settings.LANGUAGES)
            }
        return None


def _language(cell):
    cell = cell.lower()
    return LANGUAGES.get(cell) or (cell if cell in dict(settings.LANGUAGES) else "")
