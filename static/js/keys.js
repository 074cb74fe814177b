/* Keys. A control says its own: data-key="ctrl+enter", data-key="g o", data-key="/". Pressing it clicks a button or
   link and focuses a field. The sheet of keys (?) lists them, so that no key can be there and not be shown. */

const SEQUENCE_MS = 1200;
const SETTING = "single-keys";
const NAMES = { ctrl: "Ctrl", shift: "Shift", alt: "Alt", enter: "Enter", insert: "Insert", delete: "Delete" };

let pressed = "";
let timer = 0;

/** Name the key as data-key does. Shift counts only with keys that it does not turn into another character. */
function nameOf(event) {
  const key = event.key.toLowerCase();
  const modifiers = [
    (event.ctrlKey || event.metaKey) && "ctrl",
    event.altKey && "alt",
    event.shiftKey && key.length > 1 && "shift",
  ];
  return [...modifiers.filter(Boolean), key].join("+");
}

function inField(target) {
  return target.matches?.("input:not([type=checkbox]), select, textarea, [contenteditable]");
}

const singleKeysOn = () => localStorage.getItem(SETTING) !== "off";

/** The controls with keys that can be used now: those of the open dialog, or of the page. */
function controls() {
  const place = document.querySelector("dialog[open]") ?? document;
  return [...place.querySelectorAll("[data-key]")].filter((element) => !element.disabled);
}

function use(control) {
  if (control.matches("input, select, textarea")) {
    control.focus();
    control.select?.();
  } else {
    control.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  const single = !/^(ctrl\+|alt\+|f\d)/.test(name);
  if (single && (inField(event.target) || !singleKeysOn())) return;
  const wanted = single && pressed ? `${pressed} ${name}` : name;
  const known = controls();
  const control = known.find((element) => element.dataset.key === wanted);
  remember(single && !control && known.some((element) => element.dataset.key.startsWith(`${wanted} `)) ? wanted : "");
  if (!control) return;
  event.preventDefault();
  use(control);
});

function remember(keys) {
  clearTimeout(timer);
  pressed = keys;
  if (keys) timer = setTimeout(() => (pressed = ""), SEQUENCE_MS);
}

/* --- The sheet --------------------------------------------------------------------------------------------------- */

const sheet = document.getElementById("keys-sheet");

function rowOf(control) {
  const row = document.createElement("tr");
  const keys = document.createElement("td");
  for (const part of control.dataset.key.split(/[ +]/)) {
    const key = document.createElement("kbd");
    key.textContent = NAMES[part] ?? (/^f\d/.test(part) ? part.toUpperCase() : part);
    keys.append(key, " ");
  }
  const meaning = document.createElement("td");
  meaning.textContent = control.dataset.keyLabel ?? (control.ariaLabel || control.textContent).trim();
  row.append(keys, meaning);
  return row;
}

function fillSheet() {
  const known = [...document.querySelectorAll("[data-key]")].filter((element) => !element.disabled);
  sheet.querySelector("[data-keys-of-page]").replaceChildren(...known.map(rowOf));
}

if (sheet) {
  // In the capture phase: filled before the button opens it.
  document.addEventListener("click", (event) => event.target.closest("[data-opens=keys-sheet]") && fillSheet(), true);
  const choice = sheet.querySelector("[data-single-keys]");
  choice.checked = singleKeysOn();
  choice.addEventListener("change", () => localStorage.setItem(SETTING, choice.checked ? "on" : "off"));
}
