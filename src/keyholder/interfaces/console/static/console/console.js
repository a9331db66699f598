// Conveniences only: every page works, and every change can be made, without this file.
"use strict";

const when = (type, selector, act) =>
  document.addEventListener(type, (event) => {
    const found = event.target instanceof Element && event.target.closest(selector);
    if (found) act(found, event);
  });
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const plain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);

// The palette: Ctrl-K or the search button; arrows move through what was found.
const palette = document.getElementById("palette");
const openPalette = () => {
  palette.showModal();
  palette.querySelector("input").select();
};
if (palette) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!palette.open) openPalette();
    }
  });
  when("click", "[data-opens=palette]", (_, event) => {
    if (!plain(event)) return;
    event.preventDefault();
    openPalette();
  });
  palette.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = all("input, .results a", palette);
    stops.at((stops.indexOf(document.activeElement) + step) % stops.length)?.focus();
    event.preventDefault();
  });
}

// A click beside a dialog closes it; so does its Cancel.
when("click", "dialog", (dialog, event) => event.target === dialog && dialog.close());
when("click", "dialog [data-close]", (link, event) => {
  event.preventDefault();
  link.closest("dialog").close();
});

// A confirmation is a page; with a script it opens over the list it was asked from.
when("click", "a[data-dialog]", (link, event) => {
  if (!plain(event)) return;
  event.preventDefault();
  const dialog = document.getElementById("dialog");
  link.closest("[popover]")?.hidePopover();
  htmx.ajax("GET", link.href, { target: dialog, select: "#confirm", swap: "innerHTML" }).then(() => dialog.firstChild && dialog.showModal());
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.requestConfig.verb === "get") location.assign(event.detail.pathInfo.finalRequestPath);
});

// Ticks of a list: all of the page at once, and how many there are.
const of = (form, selector) => [...form.elements].filter((element) => element.matches(selector));
const count = (form) => {
  const ticks = of(form, "tbody .tick");
  const ticked = ticks.filter((tick) => tick.checked).length;
  const [whole] = of(form, "[data-tick-all]");
  whole.checked = ticked === ticks.length;
  whole.indeterminate = ticked > 0 && !whole.checked;
  of(form, "[data-ticked]")[0].value = ticked;
};
when("change", "[data-tick-all]", (whole) => {
  for (const tick of of(whole.form, "tbody .tick")) tick.checked = whole.checked;
  count(whole.form);
});
when("change", "tbody .tick", (tick) => tick.form && of(tick.form, "[data-tick-all]").length && count(tick.form));

// A permission shows what it brings along.
const imply = (picker) => {
  const brought = new Set(all(".option[data-includes]:has(input:checked)", picker).flatMap((option) => option.dataset.includes.split(" ")));
  for (const option of all(".option", picker)) option.toggleAttribute("data-implied", brought.has(option.dataset.name));
};
when("change", ".picker input[type=checkbox]", (tick) => imply(tick.closest(".picker")));
all(".picker:has(input[type=checkbox])").forEach(imply);

// A suggestion joins the addresses that were typed.
when("click", "[data-adds]", (button) => {
  const typed = document.getElementById("id_addresses");
  typed.value = [typed.value.trim().replace(/[,;]$/, ""), button.dataset.adds].filter(Boolean).join(", ");
  typed.dispatchEvent(new Event("change", { bubbles: true }));
  button.closest("li").remove();
  document.getElementById("find").focus();
});

// Copying, closing, the reader's own time zone, and toasts that are read out although they came with the page.
when("click", "[data-copy]", async (button) => {
  await navigator.clipboard.writeText(button.previousElementSibling.value);
  button.querySelector("span").textContent = button.dataset.done;
});
when("click", "[data-dismiss]", (button) => button.closest(".toast").remove());
const inZone = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
const tellTime = (within) => all("time[title]", within).forEach((time) => (time.title = inZone.format(new Date(time.dateTime))));
tellTime(document);
document.addEventListener("htmx:load", (event) => tellTime(event.detail.elt));
const toasts = document.getElementById("toasts");
if (toasts?.children.length) setTimeout(() => toasts.append(...toasts.children), 100);
