// Comfort only: drafts that survive, keys, frames as high as their text. Every page works without it.
"use strict";

const prefix = `docket-draft-${document.body.dataset.drafts}-`;
const ticket = document.getElementById("main").dataset.ticket;
const form = document.getElementById("answer");
const text = document.getElementById("text");
// What a draft has: its words, who reads them, who gets them in copy, what becomes of the ticket.
const kept = ["text", "visibility", "copies", "status"];

if (ticket) {
  const key = prefix + ticket;
  const here = new URL(location.href);
  if (here.searchParams.has("saved")) {
    localStorage.removeItem(key);
    here.searchParams.delete("saved");
    history.replaceState(null, "", here);
  }
  if (form) {
    const draft = read(localStorage.getItem(key));
    if (draft && !text.value) {
      // A note stays a note, whatever the page begins with.
      for (const [name, value] of Object.entries(draft)) {
        const field = kept.includes(name) && form.elements[name];
        if (!field) continue;
        const was = field.value;
        field.value = value;
        // What the ticket can no longer become is not chosen.
        if (field.value !== value) field.value = was;
      }
    }
    const keep = () => {
      const parts = kept.filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value]);
      if (text.value) localStorage.setItem(key, JSON.stringify(Object.fromEntries(parts)));
      else localStorage.removeItem(key);
    };
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
      if (event.key === "Escape") text.blur();
    });
    const files = document.getElementById("files");
    files.addEventListener("change", () => {
      const bytes = [...files.files].reduce((sum, file) => sum + file.size, 0);
      const hint = document.getElementById("files-hint").textContent;
      files.setCustomValidity(bytes > Number(files.dataset.most) ? `These files are too large: ${hint}.` : "");
      files.reportValidity();
    });
    form.addEventListener("submit", () => {
      document.getElementById("submit").setAttribute("aria-disabled", "true");
    });
  }
  for (const frame of document.querySelectorAll("iframe")) {
    frame.addEventListener("load", () => {
      const page = frame.contentDocument;
      if (page) frame.height = Math.min(page.documentElement.scrollHeight + 4, 900);
    });
  }
}

// A draft as it was kept; one of an older page is words that nobody knows the kind of.
function read(draft) {
  if (!draft) return null;
  try {
    const parts = JSON.parse(draft);
    if (parts && typeof parts === "object") return parts;
  } catch {
    // It is the words themselves.
  }
  return { text: draft, visibility: "internal" };
}

function write(visibility) {
  const radio = document.getElementById(visibility);
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  text.focus();
}

function step(by) {
  const links = [...document.querySelectorAll("#tickets a")];
  const at = links.indexOf(document.activeElement);
  const next = links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))];
  if (next) next.focus();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const does = {
    j: () => step(1),
    k: () => step(-1),
    r: () => form && write("public"),
    n: () => form && write("internal"),
    s: () => form && document.getElementById("status").focus(),
    a: () => form && document.getElementById("assignee").focus(),
    u: () => { if (ticket) location.assign("/agent/tickets"); },
  }[event.key];
  if (does) {
    event.preventDefault();
    does();
  }
});
