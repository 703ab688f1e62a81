/* A phone in a room. What is typed is kept in the phone until the site says that it has arrived, and is sent again
   until then: each note under a number of its own, so that nothing is lost and nothing is there twice.
   Without this script the form sends by itself. */

(function () {
  const room = document.getElementById("phone");
  if (!room) return;
  const form = document.getElementById("note-form");
  const list = document.getElementById("queue");
  const said = document.getElementById("said");
  const QUEUE = "notes:" + room.dataset.key;
  const DRAFT = "draft:" + room.dataset.key;
  const LOOK = 4000; // milliseconds between two looks at what the room is asked
  const PATIENCE = 15000; // milliseconds until an answer counts as lost
  const LONGEST_PAUSE = 10000;
  let memory = {};
  let sending = false;
  let pause = 1000;
  let timer = 0;

  function read(name) {
    try { return JSON.parse(localStorage.getItem(name)); } catch { return memory[name] || null; }
  }
  function keep(name, value) {
    memory[name] = value;
    try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* a private window: kept until it closes */ }
  }
  function waiting() { return read(QUEUE) || []; }
  function box() { return form && form.elements.body; }

  /* --- what waits, as the reader sees it --- */

  function draw() {
    const notes = waiting();
    list.hidden = notes.length === 0;
    list.replaceChildren(...notes.map(function (note) {
      const item = document.createElement("li");
      const words = document.createElement("p");
      words.textContent = note.body;
      words.dir = "auto";
      const state = document.createElement("p");
      state.className = "co-quiet";
      state.textContent = note.refused ? room.dataset.refused + ": " + note.refused : room.dataset.waiting;
      item.append(words, state);
      if (note.refused && box() && room.dataset.back) item.append(backButton(note));
      return item;
    }));
  }

  function backButton(note) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "co-linkbutton";
    button.textContent = room.dataset.back;
    button.addEventListener("click", function () {
      const field = box();
      field.value = field.value.trim() ? field.value + "\n" + note.body : note.body;
      drop(note.given);
      saveDraft();
      field.focus();
    });
    return button;
  }

  function drop(given) {
    keep(QUEUE, waiting().filter(function (note) { return note.given !== given; }));
    draw();
  }

  function refuse(given, why) {
    keep(QUEUE, waiting().map(function (note) { return note.given === given ? { ...note, refused: why } : note; }));
    draw();
  }

  /* --- sending, one after the other, until the site says yes --- */

  function post(note) {
    const body = new URLSearchParams({
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      given: note.given, prompt: note.prompt, body: note.body,
    });
    const tooLong = new AbortController();
    const clock = setTimeout(function () { tooLong.abort(); }, PATIENCE);
    const options = { method: "POST", body: body, headers: { Accept: "application/json" }, signal: tooLong.signal };
    return fetch(room.dataset.send, options).finally(function () { clearTimeout(clock); });
  }

  async function flush() {
    clearTimeout(timer);
    if (sending) return;
    sending = true;
    try {
      let note;
      while ((note = waiting().find(function (one) { return !one.refused; }))) {
        const answer = await post(note);
        if (answer.ok) arrived(note, await answer.json());
        else if (answer.status === 429 || answer.status === 408 || answer.status >= 500) throw new Error("later");
        else refuse(note.given, await sentence(answer));
        pause = 1000;
      }
    } catch {
      timer = setTimeout(flush, pause); // no network, no answer, or a site that is busy: again, ever more patiently
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    } finally {
      sending = false;
    }
  }

  async function sentence(answer) {
    try { return (await answer.json()).detail; } catch { return String(answer.status); }
  }

  function arrived(note, answer) {
    drop(note.given);
    document.getElementById("mine").innerHTML = answer.mine;
    said.textContent = room.dataset.arrived;
  }

  /* --- the box: a draft outlives a reload, and a note leaves it only for the queue --- */

  function saveDraft() {
    if (box()) keep(DRAFT, { prompt: form.elements.prompt.value, body: box().value });
  }

  if (box()) {
    const draft = read(DRAFT);
    if (draft && draft.prompt === form.elements.prompt.value && !box().value) box().value = draft.body;
    box().addEventListener("input", saveDraft);
    form.addEventListener("submit", function (event) {
      const body = box().value.trim();
      if (!body) return;
      event.preventDefault();
      event.stopPropagation();
      const given = Date.now().toString(36) + "-" + Math.random().toString(36).slice(2);
      keep(QUEUE, [...waiting(), { given: given, prompt: form.elements.prompt.value, body: body }]);
      box().value = "";
      saveDraft();
      said.textContent = room.dataset.waiting;
      draw();
      pause = 1000;
      flush();
      look();
    });
  }

  /* --- the room moves on: so does the phone, unless somebody is in the middle of a sentence --- */

  async function look() {
    if (!room.dataset.look) return;
    try {
      const answer = await fetch(room.dataset.look + "?since=" + encodeURIComponent(room.dataset.now));
      if (answer.status === 204 || !answer.ok) return;
      if (box() && box().value.trim()) document.getElementById("moved").hidden = false;
      else location.reload();
    } catch { /* no network: later */ }
  }

  window.addEventListener("online", function () { pause = 1000; flush(); });
  setInterval(look, LOOK + Math.random() * 1000); // not all phones at once
  draw();
  flush();
})();
