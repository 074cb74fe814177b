/* <kit-combobox src="/items/lookup/"><input …></kit-combobox>: a text field with options from the server.
   data-with="type": the texts of these other fields of the same form are sent along with what was typed.

   Without this script it is a plain text field, and the server checks what is typed in either case. The server answers
   src?q=… with <ul role="listbox"> of options (partials/options.html). Keys as in the ARIA authoring practices: typing
   opens, Alt+Down opens, Down and Up choose, Enter takes, Esc closes. Nothing is taken that was not chosen, but for
   Enter with a single option left. */

const DELAY_MS = 120;
const GAP = 2;
let made = 0;

class Combobox extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.input.readOnly || this.panel) return;
    this.panel = Object.assign(document.createElement("div"), { className: "options", popover: "manual" });
    this.panel.id = `options-${++made}`;
    this.append(this.panel);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-haspopup": "listbox",
    })) {
      this.input.setAttribute(name, value);
    }
    this.listen();
  }

  disconnectedCallback() {
    this.request?.abort();
    clearTimeout(this.timer);
  }

  listen() {
    this.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), DELAY_MS);
    });
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("focusout", () => this.close());
    // The field keeps the focus while an option is clicked.
    this.panel.addEventListener("mousedown", (event) => event.preventDefault());
    this.panel.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
    // The panel lies above the page: it does not scroll along.
    window.addEventListener("scroll", () => this.close(), { capture: true, passive: true });
  }

  get isOpen() {
    return this.input.getAttribute("aria-expanded") === "true";
  }

  get options() {
    return [...this.panel.querySelectorAll("[role=option]")];
  }

  get active() {
    return this.panel.querySelector("[aria-selected=true]");
  }

  async search({ all = false } = {}) {
    const typed = all ? "" : this.input.value.trim();
    this.request?.abort();
    if (!typed && !all) return this.close();
    this.request = new AbortController();
    const address = new URL(this.getAttribute("src"), location.href);
    address.searchParams.set("q", typed);
    for (const name of this.dataset.with?.split(" ") ?? []) {
      address.searchParams.set(name, this.input.form?.elements[name]?.value ?? "");
    }
    try {
      const answer = await fetch(address, { signal: this.request.signal, headers: { "HX-Request": "true" } });
      if (answer.ok) this.show(await answer.text(), typed);
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // the field goes on as a text field
    }
  }

  show(html, typed) {
    if (document.activeElement !== this.input) return;
    this.found = typed;
    this.panel.innerHTML = html;
    const options = this.options;
    options.forEach((option, index) => {
      option.id = `${this.panel.id}-${index}`;
      option.setAttribute("aria-selected", "false");
    });
    announce(options.length === 0 ? "No options" : `${options.length} options`);
    if (options.length === 0) return this.close();
    this.panel.querySelector("[role=listbox]").setAttribute("aria-label", this.name());
    this.panel.showPopover();
    this.place();
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-controls", this.panel.id);
  }

  name() {
    return this.input.ariaLabel || this.input.labels?.[0]?.textContent || "Options";
  }

  place() {
    const field = this.input.getBoundingClientRect();
    const { style } = this.panel;
    style.minInlineSize = `${field.width}px`;
    style.left = `${Math.min(field.left, innerWidth - this.panel.offsetWidth - GAP)}px`;
    const below = field.bottom + GAP;
    const above = field.top - this.panel.offsetHeight - GAP;
    style.top = `${below + this.panel.offsetHeight > innerHeight && above > 0 ? above : below}px`;
  }

  close() {
    this.request?.abort();
    clearTimeout(this.timer);
    if (!this.isOpen) return;
    this.panel.hidePopover();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-controls");
    this.input.removeAttribute("aria-activedescendant");
  }

  onKey(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && !this.isOpen && (event.altKey || !this.closest("[data-line-grid]"))) {
      event.preventDefault();
      this.search({ all: true });
    } else if (this.isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (this.isOpen && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && this.isOpen) {
      // Not prevented: in a grid Enter goes on to the next field. A form waits for a second Enter.
      this.take(this.active ?? this.onlyOption());
      if (!this.closest("[data-line-grid]")) event.preventDefault();
    }
  }

  /** The single option, if it is the answer to what stands in the field now. */
  onlyOption() {
    const options = this.options;
    return options.length === 1 && this.found === this.input.value.trim() ? options[0] : null;
  }

  move(step) {
    const options = this.options;
    const at = options.indexOf(this.active);
    const next = options[(at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length];
    options.forEach((option) => option.setAttribute("aria-selected", String(option === next)));
    this.input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  take(option) {
    if (option) {
      this.input.value = option.dataset.value;
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.close();
  }
}

function announce(text) {
  const place = document.getElementById("announcements");
  if (place) place.textContent = text;
}

customElements.define("kit-combobox", Combobox);
