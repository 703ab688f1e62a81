"""How pages treat forms that two windows may hold at once (partnerships/forms/two_windows.py)."""

from contextlib import suppress

from ..actions.swaps import Changed

LOOKS = 3  # somebody may save between the look and the lock; then the page looks again


def settle(look):
    """(form, whether it was saved). look: returns the form, joined with what is there now, and what saves it.

    Nothing is saved of a form that was only opened, has something to mend, or met others' words.
    """
    for _look in range(LOOKS):
        form, save = look()
        if not form.is_bound or not form.is_valid() or form.clashes:
            break
        with suppress(Changed):
            save()
            return form, True
    return form, False


def status_of(form):
    """200 for a form as it was opened, 422 with something to mend, 409 for words that met others'."""
    if not form.is_bound:
        return 200
    return 422 if form.errors else 409
