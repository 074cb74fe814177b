/* Moving in a line grid: <table data-line-grid> with one <tbody data-unit> a line. Saving is entries.js's business.

   Every control is an ordinary one in the tab order; these keys come on top. The Enter key visits the stops (data-stop)
   of a line, or all its controls where none is marked. The last line is new and empty (data-new); as soon as something
   is typed into it, the next one is made from <template data-new-line>, whose __n__ becomes a number. */

const lineOf = (control) => control.closest("tbody[data-unit]");
const gridOf = (element) => element.closest("[data-line-grid]");
let made = 0;

function controlsOf(line) {
  const form = line.dataset.unit;
  const all = line.querySelectorAll("input:not([type=hidden]), select, textarea");
  return [...all].filter((control) => control.getAttribute("form") === form && !control.disabled);
}

function stopsOf(line) {
  const open = controlsOf(line).filter((control) => !control.readOnly);
  const stops = open.filter((control) => control.hasAttribute("data-stop"));
  return stops.length ? stops : open;
}

function linesOf(grid) {
  return [...grid.tBodies].filter((line) => line.hasAttribute("data-unit"));
}

function neighbour(line, step) {
  const lines = linesOf(gridOf(line));
  return lines[lines.indexOf(line) + step];
}

/** The control of another line in the same column. A column may belong to another form than its lines (data-column). */
function sameIn(line, control) {
  const column = control.dataset.column;
  if (column) return line?.querySelector(`:scope > tr:first-child [data-column="${column}"]`);
  return line && controlsOf(line).find((candidate) => candidate.name === control.name);
}

function go(control) {
  if (!control) return;
  control.focus();
  if (control.matches("input:not([type=checkbox], [type=date])")) control.select();
}

/* --- Keys ------------------------------------------------------------------------------------------------------------ */

function nextStop(control) {
  const line = lineOf(control);
  if (control.dataset.column) return go(sameIn(neighbour(line, 1), control));
  const order = controlsOf(line);
  const after = stopsOf(line).find((stop) => order.indexOf(stop) > order.indexOf(control));
  if (after) return go(after);
  const below = neighbour(line, 1);
  if (below) go(stopsOf(below)[0]);
}

function copyFromAbove(control) {
  const above = sameIn(neighbour(lineOf(control), -1), control);
  if (!above || control.readOnly) return;
  if (control.type === "checkbox") control.checked = above.checked;
  else control.value = above.value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Esc: first the field goes back to what is saved, then the whole line. Says whether there was anything to take back. */
function takeBack(control) {
  const changed = (candidate) => candidate.type !== "checkbox" && candidate.value !== savedOf(candidate);
  const back = changed(control) ? [control] : controlsOf(lineOf(control)).filter(changed);
  for (const candidate of back) candidate.value = savedOf(candidate);
  control.dispatchEvent(new Event("input", { bubbles: true }));
  return back.length > 0;
}

function savedOf(control) {
  const selected = control.tagName === "SELECT" && [...control.options].find((option) => option.defaultSelected);
  return control.dataset.saved ?? (selected ? selected.value : control.defaultValue) ?? "";
}

function selectOrEnd(control) {
  if (!control.matches("input:not([type=checkbox], [type=date])")) return;
  const whole = control.selectionStart === 0 && control.selectionEnd === control.value.length;
  if (whole) control.setSelectionRange(control.value.length, control.value.length);
  else control.select();
}

/** Arrows belong to lists, dates and texts of several lines; elsewhere they change the line. */
function ownsArrows(control) {
  return control.matches("select, textarea, [type=date], [aria-expanded=true]");
}

/** Balance what comes from stock and what is assembled; elsewhere the key is what it says. */
function mix(control) {
  const button = control.name === "qty_to_assemble_to_order" && lineOf(control).querySelector("[data-act=apply]");
  return button ? button.click() : false;
}

const keys = {
  Enter: (control) => (control.matches("textarea") ? false : nextStop(control)),
  ArrowUp: (control) => (ownsArrows(control) ? false : go(sameIn(neighbour(lineOf(control), -1), control))),
  ArrowDown: (control) => (ownsArrows(control) ? false : go(sameIn(neighbour(lineOf(control), 1), control))),
  F2: (control) => selectOrEnd(control),
  F4: (control) => lineOf(control).querySelector("[data-panel-toggle]")?.click(),
  F8: (control) => copyFromAbove(control),
  "=": (control) => mix(control),
  Escape: (control) => takeBack(control),
  "ctrl+Insert": (control) => go(stopsOf(linesOf(gridOf(control)).at(-1))[0]),
  "ctrl+Delete": (control) => lineOf(control).querySelector("[data-act=delete]")?.click(),
};

/** From outside of every grid, the new line is that of the first one. */
function goToNewLine(event) {
  const grid = document.querySelector("[data-line-grid]");
  const last = grid && linesOf(grid).at(-1);
  if (!event.ctrlKey || event.key !== "Insert" || !last?.hasAttribute("data-new")) return;
  event.preventDefault();
  go(stopsOf(last)[0]);
}

document.addEventListener("keydown", (event) => {
  const control = event.target.closest?.("input, select, textarea");
  if (!event.defaultPrevented && !gridOf(event.target)) return goToNewLine(event);
  if (!control || event.defaultPrevented || event.isComposing || !gridOf(control) || !lineOf(control)) return;
  if (event.altKey || event.shiftKey) return;
  const name = event.ctrlKey || event.metaKey ? `ctrl+${event.key}` : event.key;
  if (!(name in keys) || keys[name](control) === false) return;
  event.preventDefault();
});

/* --- The new line -------------------------------------------------------------------------------------------------- */

function addNewLine(grid) {
  const template = grid.querySelector(":scope > template[data-new-line]");
  if (!template) return;
  const line = document.createElement("template");
  made += 1;
  line.innerHTML = template.innerHTML.replaceAll("__n__", String(made));
  const fresh = line.content.firstElementChild;
  linesOf(grid).at(-1).after(fresh);
  htmx.process(fresh);
}

document.addEventListener("input", (event) => {
  const line = event.target.closest?.("tbody[data-new]");
  const grid = line && gridOf(line);
  if (grid && linesOf(grid).at(-1) === line) addNewLine(grid);
});
