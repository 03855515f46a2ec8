// Comfort only: drafts that survive, keys, frames as high as their text. Every page works without it.
"use strict";

const prefix = `docket-draft-${document.body.dataset.drafts}-`;
const ticket = document.getElementById("main").dataset.ticket;
const form = document.getElementById("answer");
const text = document.getElementById("text");

if (ticket) {
  const key = prefix + ticket;
  const here = new URL(location.href);
  if (here.searchParams.has("saved")) {
    localStorage.removeItem(key);
    here.searchParams.delete("saved");
    history.replaceState(null, "", here);
  }
  if (form) {
    const draft = localStorage.getItem(key);
    if (draft && !text.value) text.value = draft;
    text.addEventListener("input", () => {
      if (text.value) localStorage.setItem(key, text.value);
      else localStorage.removeItem(key);
    });
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

function write(visibility) {
  document.getElementById(visibility).checked = true;
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
