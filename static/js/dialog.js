/* Dialogs from the server: whatever is put into the page as <dialog data-modal> opens at once and goes when it closes.
   A form in it that was answered closes it; the answer stands where the form's hx-target says. A form with data-stays
   is answered inside the dialog, which stays open. */

document.body.addEventListener("htmx:load", (event) => {
  const dialog = event.detail.elt;
  if (!dialog.matches?.("dialog[data-modal]")) return;
  // The button that opened it may have been drawn anew meanwhile; its id leads back.
  const opener = document.activeElement?.id;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener && document.activeElement === document.body) document.getElementById(opener)?.focus();
  });
  dialog.showModal();
});

document.body.addEventListener("htmx:afterRequest", (event) => {
  const { elt } = event.detail.requestConfig;
  if (!elt.closest("[data-stays]")) elt.closest("dialog[data-modal]")?.close();
});

// What had the focus was replaced: it goes on from the head of what stands there now.
document.body.addEventListener("htmx:afterSettle", (event) => {
  const place = event.detail.elt;
  if (document.activeElement === document.body && place.matches?.("[data-parts]")) place.focus();
});
