/* What every page does: menus, questions, notices, theme, navigation. No page needs it to work, only to be handy. */

const SAVED_NOTHING = "The server did not answer. Nothing was saved; try again.";
const REFUSED = "The server refused this. Nothing was saved.";
const YEAR = 365 * 24 * 3600;

const root = document.documentElement;

/* --- Buttons that only a script serves: data-act="…" ------------------------------------------------------------- */

const acts = {
  open: (button) => document.getElementById(button.dataset.opens).showModal(),
  dismiss: (button) => button.closest(".notice").remove(),
  "toggle-nav": (button) => {
    const narrow = root.dataset.nav !== "narrow";
    if (narrow) root.dataset.nav = "narrow";
    else delete root.dataset.nav;
    button.setAttribute("aria-expanded", String(!narrow));
    document.cookie = `nav=${narrow ? "narrow" : "wide"}; path=/; max-age=${YEAR}; samesite=lax`;
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) acts[button.dataset.act]?.(button);
  closeMenus((menu) => !menu.contains(event.target));
});

/* --- Menus: <details class="menu"> ------------------------------------------------------------------------------- */

function closeMenus(which = () => true) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (which(menu)) menu.open = false;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});

document.addEventListener("focusout", (event) => {
  if (event.relatedTarget) closeMenus((menu) => menu.contains(event.target) && !menu.contains(event.relatedTarget));
});

/* --- Questions: data-confirm on a form or on its button ----------------------------------------------------------- */

function ask(source) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector(".dialog-text").textContent = source.dataset.confirm;
  const yes = dialog.querySelector("[data-confirm-yes]");
  yes.textContent = source.dataset.confirmLabel ?? "Continue";
  yes.classList.toggle("danger", source.dataset.confirmTone === "danger");
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}

const confirmed = new WeakSet();

// In the capture phase, before htmx or the entries on the page hear of the submit.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const source = [event.submitter, form].find((element) => element?.dataset.confirm);
    if (!source || confirmed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    ask(source).then((yes) => {
      if (!yes) return;
      confirmed.add(form);
      form.requestSubmit(submitter);
    });
  },
  true,
);

/* --- One box for all boxes of a form: data-ticks="<id of the form>" -------------------------------------------------- */

const boxesOf = (form) => [...form.elements].filter((control) => control.type === "checkbox");

document.addEventListener("change", (event) => {
  const { ticks } = event.target.dataset;
  const all = ticks ? event.target : event.target.form && document.querySelector(`[data-ticks="${event.target.form.id}"]`);
  if (!all) return;
  const boxes = boxesOf(document.getElementById(all.dataset.ticks));
  if (ticks) for (const box of boxes) box.checked = all.checked;
  const ticked = boxes.filter((box) => box.checked).length;
  all.checked = ticked === boxes.length;
  all.indeterminate = 0 < ticked && ticked < boxes.length;
});

/* --- Theme: chosen without loading the page again ------------------------------------------------------------------ */

document.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-theme-form]")) return;
  event.preventDefault();
  const theme = event.submitter.value;
  const body = new FormData(event.target, event.submitter);
  const answer = await fetch(event.target.action, { method: "POST", body, redirect: "manual" });
  if (answer.type !== "opaqueredirect") return addNotice({ text: REFUSED, tone: "danger" });
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const button of event.target.querySelectorAll("[name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
});

/* --- A form is sent once ----------------------------------------------------------------------------------------- */

const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  // htmx, the theme and the entries prevent the default and look after themselves.
  if (event.defaultPrevented || event.target.method === "dialog" || event.target.method === "get") return;
  if (sent.has(event.target)) event.preventDefault();
  sent.add(event.target);
  event.submitter?.setAttribute("aria-busy", "true");
});

// Back from the browser's memory: the forms of the page may be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) sent.delete(form);
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

/* --- Notices: the event `notice`, from a response's HX-Trigger or from a script ------------------------------------ */

const ICON_OF = { success: "circle-check", warning: "alert-triangle", danger: "alert-triangle" };

function addNotice({ text, tone = "success", url = "" }) {
  const notice = document.getElementById("notice-template").content.firstElementChild.cloneNode(true);
  notice.classList.add(tone);
  const use = notice.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICON_OF[tone] ?? "info-circle"}`));
  const words = url ? Object.assign(document.createElement("a"), { href: url }) : notice.querySelector("p");
  words.textContent = text;
  if (url) notice.querySelector("p").append(words);
  document.getElementById(tone === "danger" ? "alerts" : "notices").append(notice);
}

document.body.addEventListener("notice", (event) => addNotice(event.detail));

document.body.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  if ([400, 409, 412].includes(xhr.status)) return; // their answer says why, in its place
  const plain = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  addNotice({ text: plain ? xhr.responseText : REFUSED, tone: "danger" });
});

document.body.addEventListener("htmx:sendError", () => addNotice({ text: SAVED_NOTHING, tone: "danger" }));

/* --- The heading of a table sticks below the heading of the page, however high that is ---------------------------- */

const heading = document.querySelector(".page-header");
new ResizeObserver(() => {
  const isSticky = getComputedStyle(heading).position === "sticky";
  root.style.setProperty("--page-header", isSticky ? `${heading.offsetHeight}px` : "0px");
}).observe(heading);
