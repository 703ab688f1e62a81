"""manage.py words: bring the word lists up to date and compile them; --check only says what is wrong."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cocreate import words


class Command(BaseCommand):
    help = "Bring the word list of each language up to date and compile it."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail if anything is missing"
        )

    def handle(self, *, check, **options):
        languages = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        for language in languages:
            self.check_list(language) if check else self.write_list(language)

    def write_list(self, language):
        entries, path = words.updated(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        entries.save(str(path))
        entries.save_as_mofile(str(path.with_suffix(".mo")))
        missing = len(entries.untranslated_entries())
        self.stdout.write(f"{language}: {len(entries)} words, {missing} to translate")

    def check_list(self, language):
        found = words.problems(language)
        for sentence in found:
            self.stderr.write(f"{language}: {sentence}")
        if found:
            raise CommandError(f"The word list of {language} is not complete: {len(found)} problems.")
        self.stdout.write(f"{language}: complete")
