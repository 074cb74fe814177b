/* The panel below a line: F4 or its button opens it, F4 inside closes it.

   A line's toggle is <button data-panel-toggle data-panel-url="…">. The panel is a row of the line's own <tbody>,
   <tr data-panel>, with what its address answers: a grid of its own. It follows the line: whenever the server has
   answered for the line, the panel is read again, and what is typed into it stays. */

const lineOf = (element) => element.closest("tbody[data-unit]");
const toggleOf = (line) => line.querySelector("[data-panel-toggle]");
const panelOf = (line) => line.querySelector(":scope > [data-panel]");
const placeOf = (line) => panelOf(line).querySelector(".panel");
const isOpen = (line) => panelOf(line)?.hidden === false;

function open(line) {
  const panel = panelOf(line) ?? make(line);
  panel.hidden = false;
  mark(line);
  // The focus leaves the fields of the line, which are saved first if they were changed: the answer loads the panel.
  placeOf(line).focus();
  if (!["dirty", "saving"].includes(line.dataset.state)) refresh(line);
}

function close(line) {
  const hadFocus = panelOf(line).contains(document.activeElement);
  panelOf(line).hidden = true;
  mark(line);
  if (hadFocus) (line.querySelector("input[data-stop]") ?? toggleOf(line))?.focus();
}

function make(line) {
  const panel = document.createElement("tr");
  panel.className = "panel-row";
  panel.dataset.panel = "";
  const cell = panel.insertCell();
  cell.colSpan = line.rows[0].cells.length;
  const place = Object.assign(document.createElement("div"), { className: "panel", tabIndex: -1 });
  place.setAttribute("aria-label", toggleOf(line).getAttribute("aria-label"));
  place.setAttribute("role", "group");
  cell.append(place);
  line.append(panel);
  return panel;
}

function mark(line) {
  toggleOf(line)?.setAttribute("aria-expanded", String(isOpen(line)));
}

/* --- What stands in it ------------------------------------------------------------------------------------------- */

async function refresh(line) {
  const url = toggleOf(line)?.dataset.panelUrl;
  if (!url) return close(line);
  const place = placeOf(line);
  let answer;
  try {
    answer = await fetch(url, { headers: { "HX-Request": "true" } });
  } catch {
    answer = { ok: false };
  }
  if (!answer.ok) return (place.textContent = "The components could not be read. Close the panel and open it again.");
  show(place, await answer.text());
}

function show(place, html) {
  const parsed = document.createElement("template");
  parsed.innerHTML = html;
  const fresh = parsed.content;
  if (place.childElementCount && isSame(place, fresh)) {
    replaceHead(place, fresh);
    for (const unit of storedIn(fresh)) document.dispatchEvent(new CustomEvent("unit:newer", { detail: unit }));
    return;
  }
  const hadFocus = place.contains(document.activeElement);
  place.replaceChildren(fresh);
  htmx.process(place);
  if (hadFocus) take(first(place));
}

function take(field) {
  field.focus();
  field.select?.();
}

const storedIn = (root) => [...root.querySelectorAll("[data-unit]:not([data-new])")];
const idsIn = (root) => storedIn(root).map((unit) => unit.id).join(" ");

/** The same lines of the same document: they are brought up to date where they stand. */
function isSame(place, fresh) {
  return place.querySelector("section")?.id === fresh.querySelector("section")?.id && idsIn(place) === idsIn(fresh);
}

function replaceHead(place, fresh) {
  const head = fresh.querySelector(".section-head");
  place.querySelector(".section-head")?.replaceWith(head);
  htmx.process(head);
}

/** A quantity is what is changed most; without one the first field, or the panel itself. */
function first(place) {
  const stops = [...place.querySelectorAll("input[data-stop]:not([readonly])")];
  return stops.find((stop) => stop.inputMode === "decimal") ?? stops[0] ?? place;
}

/* --- When -------------------------------------------------------------------------------------------------------- */

document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-panel-toggle]");
  if (!toggle) return;
  const line = lineOf(toggle);
  if (isOpen(line)) close(line);
  else open(line);
});

document.addEventListener("keydown", (event) => {
  const panel = event.key === "F4" && event.target.closest?.("[data-panel]");
  if (!panel) return;
  event.preventDefault();
  close(lineOf(panel));
});

document.addEventListener("unit:answered", (event) => {
  const line = event.target;
  if (!line.matches("tbody") || !panelOf(line)) return;
  mark(line);
  if (isOpen(line)) refresh(line);
});
