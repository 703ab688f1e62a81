/* The only first-party script a page needs. Everything below also works without it. */

/* After a failed form comes back: move focus to the error summary (WCAG 3.3.1, 4.1.3). */
function focusErrors() {
  const box = document.querySelector(".ds-error-summary[tabindex]");
  if (box) box.focus();
  return Boolean(box);
}

document.addEventListener("DOMContentLoaded", focusErrors);
document.addEventListener("htmx:after:swap", function () {
  if (focusErrors()) return;
  const done = document.querySelector("[data-focus-after-swap]");
  if (done) done.focus();
});

/* On a phone the tabs scroll: bring the current one into sight, without moving the page. */
document.querySelectorAll(".co-tabs [aria-current], .co-nav [aria-current]").forEach(function (tab) {
  const row = tab.closest("ul");
  const off = tab.getBoundingClientRect().left + tab.offsetWidth / 2 - row.getBoundingClientRect().left - row.clientWidth / 2;
  row.scrollLeft += off;
});

/* A menu closes with Escape and with a click elsewhere, as readers expect of menus. */
document.addEventListener("keydown", function (event) {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.co-menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
document.addEventListener("click", function (event) {
  document.querySelectorAll("details.co-menu[open]").forEach(function (menu) {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

/* A form is sent once, however often its button is pressed. The button stays readable and keeps its name and value. */
document.addEventListener("submit", function (event) {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  window.setTimeout(function () { delete form.dataset.sent; }, 5000);
});
window.addEventListener("pageshow", function () {
  document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
});

/* Marked buttons print the page; without script the browser's own menu does. */
document.querySelectorAll("[data-print]").forEach(function (button) {
  button.hidden = false;
  button.addEventListener("click", function () { window.print(); });
});
