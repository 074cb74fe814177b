/* Entries save themselves: a line when the focus leaves it, a form field when it was changed.

   A unit is an element with data-unit="<id of its form>"; the form's controls are its fields, wherever they stand.
   Only changed fields are sent, each with the text that the page had before (was.NAME). Requests of a page run one
   after another. The answer is the unit again, first, then other units that the save has changed, then fragments with
   hx-swap-oob. Whatever was typed meanwhile stays, the focus stays, and refused text stays with its message.
   A unit that was answered tells it: the event unit:answered. Whoever holds a newer unit than the page hands it over:
   the event unit:newer. See docs/pages.md. */

const SHOWS_UNIT = [200, 201, 400, 409, 412];
const NO_ANSWER = "Not saved: the server did not answer.";
const SIGNED_OUT = "Not saved: you are signed out. Sign in again in another tab, then try again here.";
const GONE = "Not saved: somebody deleted this meanwhile.";
const FAULT = "Not saved: the server met a fault.";
/* What combobox.js has put on a field and the server knows nothing of. */
const OF_COMBOBOX = [
  "role",
  "aria-autocomplete",
  "aria-expanded",
  "aria-haspopup",
  "aria-controls",
  "aria-activedescendant",
];

const stateLine = document.getElementById("save-state");
const refusedTexts = new WeakMap(); // unit -> what was refused and stands there still
let queue = Promise.resolve();
let waiting = 0;

/* --- What a unit holds -------------------------------------------------------------------------------------------- */

/** What lies in a panel below a line is not the line's, though it stands in it; a dialog of a line (data-of) is. */
function unitOf(element) {
  const holder = element?.closest?.("[data-unit], [data-panel], dialog[data-of]");
  if (holder?.dataset.of) return document.getElementById(holder.dataset.of);
  return holder?.hasAttribute("data-unit") ? holder : null;
}

const formOf = (unit) => document.getElementById(unit.dataset.unit);

function controlsOf(unit) {
  const all = formOf(unit)?.elements ?? [];
  return [...all].filter((control) => control.name && control.type !== "hidden" && control.type !== "submit");
}

/** The same while the unit is between two forms: by where they stand. */
const controlsIn = (unit) => [...unit.querySelectorAll("input:not([type=hidden]), select, textarea")];

const valueOf = (control) => (control.type === "checkbox" ? String(control.checked) : control.value);

/** The text that the server holds, as far as this page knows. */
function savedOf(control) {
  if (control.dataset.saved !== undefined) return control.dataset.saved;
  if (control.type === "checkbox") return String(control.defaultChecked);
  if (control.tagName !== "SELECT") return control.defaultValue;
  return ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value ?? "";
}

function setValue(control, text) {
  if (control.type === "checkbox") control.checked = text === "true";
  else control.value = text;
}

const isChanged = (control) => !control.disabled && valueOf(control) !== savedOf(control);
const isDirty = (unit) => controlsOf(unit).some(isChanged);

/* --- Saving -------------------------------------------------------------------------------------------------------- */

/** Put the unit into the queue, unless nothing changed or the very same was refused before. */
function save(unit, { again = false } = {}) {
  if (!unit.isConnected || !isDirty(unit)) return;
  if (!again && refusedTexts.get(unit) === bodyOf(unit).toString()) return;
  // Two saves of one unit in the queue: the first may carry everything.
  enqueue(unit, () => (isDirty(unit) ? exchange(unit, formOf(unit).action, bodyOf(unit)) : settle(unit, "saved")));
}

function remove(unit) {
  if (unit.hasAttribute("data-new")) return resetNew(unit);
  enqueue(unit, () => exchange(unit, unit.dataset.delete, new URLSearchParams()));
}

function bodyOf(unit) {
  const body = new URLSearchParams();
  for (const control of controlsOf(unit).filter(isChanged)) {
    body.set(control.name, valueOf(control));
    body.set(`was.${control.name}`, savedOf(control));
  }
  return body;
}

function enqueue(unit, work) {
  waiting += 1;
  unit.dataset.state = "saving";
  tell("saving");
  queue = queue.then(async () => {
    try {
      if (unit.isConnected) await work();
    } finally {
      waiting -= 1;
      summarize();
    }
  });
}

async function exchange(unit, address, body) {
  const sent = new Map(controlsOf(unit).map((control) => [control.name, valueOf(control)]));
  let answer;
  try {
    answer = await post(address, body);
  } catch {
    return fail(unit, NO_ANSWER);
  }
  if (answer.status === 401 || answer.status === 403) return fail(unit, await whyRefused(answer));
  if (answer.status === 404) return fail(unit, GONE);
  if (!SHOWS_UNIT.includes(answer.status)) return fail(unit, FAULT);
  receive(unit, await answer.text(), sent, answer.ok);
  triggerEvents(answer);
}

function post(address, body) {
  const headers = { "HX-Request": "true", "X-CSRFToken": token() };
  return fetch(address, { method: "POST", body, headers });
}

const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

/** A session that began after this page was loaded has another token: fetch it before the next try. */
async function renewToken() {
  const answer = await fetch(document.body.dataset.tokenUrl);
  if (answer.ok) document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": await answer.text() }));
}

async function whyRefused(answer) {
  if (answer.status === 401) return SIGNED_OUT;
  return answer.headers.get("Content-Type")?.startsWith("text/plain") ? `Not saved: ${await answer.text()}` : SIGNED_OUT;
}

/** Events that the server asks for, as htmx does: HX-Trigger: {"name": detail}. */
function triggerEvents(answer) {
  const header = answer.headers.get("HX-Trigger");
  if (!header) return;
  const events = header.startsWith("{") ? JSON.parse(header) : { [header]: {} };
  for (const [name, detail] of Object.entries(events)) htmx.trigger(document.body, name, detail);
}

/* --- The answer ----------------------------------------------------------------------------------------------------- */

function receive(unit, html, sent, done) {
  const parsed = document.createElement("template");
  parsed.innerHTML = html;
  const [fresh, ...others] = parsed.content.querySelectorAll("[data-unit]:not([hx-swap-oob] [data-unit])");
  if (fresh) {
    fresh.remove();
    merge(unit, fresh, sent);
    htmx.process(unit);
    settle(unit, done ? "saved" : "held");
  } else if (done) {
    leave(unit);
  }
  for (const other of others) bringUpToDate(other);
  if (parsed.content.childElementCount) htmx.swap(document.body, parsed.innerHTML, { swapStyle: "none" });
  // What was typed while the request was on its way, and the focus has left since.
  if (done && fresh && unitOf(document.activeElement) !== unit) save(unit);
  if (fresh) unit.dispatchEvent(new CustomEvent("unit:answered", { bubbles: true }));
}

/** Another unit that the save has changed too: what is typed into it stays. */
function bringUpToDate(fresh) {
  fresh.remove();
  const unit = document.getElementById(fresh.id);
  if (!unit?.hasAttribute("data-unit")) return;
  const state = unit.dataset.state ?? "";
  merge(unit, fresh, new Map(controlsOf(unit).map((control) => [control.name, savedOf(control)])));
  htmx.process(unit);
  unit.dataset.state = state;
}

document.addEventListener("unit:newer", (event) => bringUpToDate(event.detail));

/** Bring the unit up to date in place: what is being typed is not touched. */
function merge(unit, fresh, sent) {
  const parts = new Map([...fresh.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
  for (const old of [...unit.querySelectorAll("[data-part]")]) {
    if (unitOf(old) !== unit || !parts.has(old.dataset.part)) continue;
    mergePart(old, parts.get(old.dataset.part), sent);
  }
  mergeRest(unit, fresh);
  copyAttributes(fresh, unit, ["data-state"]);
}

function mergePart(old, fresh, sent) {
  const typing = old.querySelector("[name]:not([data-twin])");
  const next = fresh.querySelector("[name]:not([data-twin])");
  const typedSince = typing && valueOf(typing) !== sent.get(typing.name);
  if (typing && next && old.contains(document.activeElement)) return adopt(typing, next, typedSince);
  if (typedSince && next) {
    next.dataset.saved = savedOf(next);
    setValue(next, valueOf(typing));
  }
  old.replaceWith(fresh);
}

/** Give the focused control what the server says about it, without taking it out of the page. */
function adopt(control, next, typedSince) {
  const text = typedSince ? valueOf(control) : valueOf(next);
  const differs = valueOf(control) !== text;
  copyAttributes(next, control, OF_COMBOBOX);
  control.dataset.saved = savedOf(next);
  if (!differs) return;
  setValue(control, text);
  control.select?.();
}

function copyAttributes(from, to, kept) {
  for (const name of to.getAttributeNames()) {
    if (!from.hasAttribute(name) && !kept.includes(name)) to.removeAttribute(name);
  }
  for (const name of from.getAttributeNames()) {
    if (name === "value" && to === document.activeElement) continue;
    if (to.getAttribute(name) !== from.getAttribute(name)) to.setAttribute(name, from.getAttribute(name));
  }
}

/** What is not a field: computed cells and texts (data-live, matched by it), and the hidden form. */
function mergeRest(unit, fresh) {
  for (const part of fresh.querySelectorAll("[data-live]")) {
    if (unitOf(part) !== fresh) continue;
    const old = unit.querySelector(`[data-live="${part.dataset.live}"]`);
    const hadFocus = old?.contains(document.activeElement);
    old?.replaceWith(part);
    if (hadFocus) (part.querySelector("a, button") ?? controlsIn(unit)[0])?.focus();
  }
  const form = fresh.querySelector("form.entry-form"); // unless it stood in one of the parts
  if (form) unit.querySelector("form.entry-form")?.replaceWith(form);
}

function settle(unit, state) {
  unit.dataset.state = state;
  if (state === "saved") refusedTexts.delete(unit);
  else refusedTexts.set(unit, bodyOf(unit).toString());
}

/** The unit is gone. Nobody is left in the void: the focus goes to its neighbour. */
function leave(unit) {
  const neighbour = unit.nextElementSibling ?? unit.previousElementSibling;
  const name = document.activeElement?.name;
  const hadFocus = unit.contains(document.activeElement);
  unit.remove();
  if (!hadFocus || !neighbour) return;
  (neighbour.querySelector(`[name="${name}"]:not([data-twin])`) ?? neighbour.querySelector("input, select"))?.focus();
}

/** No answer to show: keep what was typed, say why, offer to try again. */
function fail(unit, why) {
  unit.dataset.state = "failed";
  const place = unit.querySelector('[data-live="note"]');
  if (!place) return;
  const target = place.matches("tr") ? place.cells[0] : place;
  const note = Object.assign(document.createElement("p"), { className: "note danger", textContent: `${why} ` });
  note.dataset.note = "";
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "button small",
    textContent: "Try again",
  });
  button.dataset.act = "try-again";
  note.append(button);
  target.replaceChildren(note);
}

/* --- The state of the page ------------------------------------------------------------------------------------------- */

function tell(state) {
  if (!stateLine) return;
  const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  stateLine.dataset.state = state;
  stateLine.textContent = state === "saved" ? `${stateLine.dataset.saved} ${time}` : stateLine.dataset[state];
}

const unitsIn = (...states) => states.flatMap((state) => [...document.querySelectorAll(`[data-unit][data-state=${state}]`)]);

function summarize() {
  if (waiting) return;
  if (unitsIn("failed").length) tell("failed");
  else if (unitsIn("held").length) tell("held");
  else if (stateLine?.dataset.state) tell("saved");
}

/* --- When -------------------------------------------------------------------------------------------------------------- */

const savesOnLeaving = (unit) => unit.tagName === "TBODY";

document.addEventListener("focusout", (event) => {
  const unit = unitOf(event.target);
  if (!unit || !savesOnLeaving(unit)) return;
  // A moment later, because a window that loses the focus is no reason to save half a line.
  setTimeout(() => document.hasFocus() && unitOf(document.activeElement) !== unit && save(unit));
});

document.addEventListener("change", (event) => {
  const unit = unitOf(event.target);
  if (unit && !savesOnLeaving(unit)) save(unit);
});

document.addEventListener("input", (event) => {
  const unit = unitOf(event.target);
  if (!unit || unit.dataset.state === "saving") return;
  if (isDirty(unit)) unit.dataset.state = "dirty";
  else forget(unit);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  const unit = unitOf(button);
  if (unit) acts[button.dataset.act]?.(unit, event);
});

const acts = {
  "keep-mine": (unit) => save(unit, { again: true }),
  "take-theirs": (unit) => {
    for (const control of controlsOf(unit)) setValue(control, savedOf(control));
    forget(unit);
  },
  "try-again": (unit) => renewToken().catch(() => {}).then(() => save(unit, { again: true })),
  delete: (unit, event) => {
    event.preventDefault();
    remove(unit);
  },
  // What the server works out for the line: first what was typed is saved, and if that is refused, it waits.
  apply: (unit, event) => {
    event.preventDefault();
    const address = event.target.closest("[data-act]").form.action;
    event.target.closest("dialog")?.close();
    save(unit);
    enqueue(unit, () => (isDirty(unit) ? settle(unit, "held") : exchange(unit, address, new URLSearchParams())));
  },
};

/** Everything typed was taken back: nothing is refused any more. */
function forget(unit) {
  for (const note of unit.querySelectorAll("[data-note], .field > .error")) if (unitOf(note) === unit) note.remove();
  for (const control of controlsOf(unit)) control.removeAttribute("aria-invalid");
  settle(unit, "saved");
  unit.dataset.state = "";
  summarize();
}

function resetNew(unit) {
  for (const control of controlsOf(unit)) setValue(control, savedOf(control));
  unit.dataset.state = "";
}

/* --- Leaving the page, and acting on the whole of it --------------------------------------------------------------------- */

const unsaved = () => [...document.querySelectorAll("[data-unit]")].filter(isDirty);

window.addEventListener("beforeunload", (event) => {
  if (waiting || unsaved().length) event.preventDefault();
});

/** Send the form, or the one that the save has put in its place. */
function sendAgain(form, submitter) {
  if (form.isConnected) form.requestSubmit(submitter);
  else document.getElementById(form.id)?.requestSubmit();
}

// A button like Release acts on what is on the page: first everything is saved, and if something is refused, it waits.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.matches(".entry-form")) {
      event.preventDefault();
      return save(unitOf(form));
    }
    if (form.method !== "post" || (!waiting && !unsaved().length)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    unsaved().forEach((unit) => save(unit));
    queue.then(() => {
      const [unit] = unsaved();
      if (unit) (unit.querySelector("[aria-invalid]") ?? unit.querySelector("input, select"))?.focus();
      else sendAgain(form, submitter);
    });
  },
  true,
);
