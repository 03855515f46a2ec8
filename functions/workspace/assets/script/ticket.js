// The ticket's page: drafts that survive, frames as high as their text, what was saved said aloud.
{
  const prefix = `docket-draft-${document.body.dataset.drafts}-`;
  const ticket = document.getElementById("main").dataset.ticket;
  const form = document.getElementById("answer");
  const text = document.getElementById("text");
  // What a draft has: its words, who reads them, who gets them in copy, what becomes of the ticket, the macros it is made of.
  const kept = ["text", "visibility", "copies", "status", "macros"];
  // These only as long as the ticket has what they were chosen instead of.
  const keptInstead = { assignee: "was_assignee", priority: "was_priority" };

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
        for (const name of kept) put(name, draft[name]);
        for (const [name, instead] of Object.entries(keptInstead)) {
          if (draft[instead] === form.elements[instead].value) put(name, draft[name]);
        }
        showRest();
      }
      const keep = () => {
        const value = (name) => form.elements[name]?.value;
        const names = [...kept, ...Object.entries(keptInstead).filter(([name, was]) => value(name) !== value(was)).flat()];
        const parts = names.filter((name) => form.elements[name]).map((name) => [name, value(name)]);
        if (text.value) localStorage.setItem(key, JSON.stringify(Object.fromEntries(parts)));
        else localStorage.removeItem(key);
      };
      // A form that came back filled in is the draft from now on.
      if (text.value) keep();
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
      // A mail has the height of its text, also once its pictures have come.
      const fit = () => {
        const page = frame.contentDocument?.documentElement;
        if (!page) return;
        const bar = frame.clientHeight - page.clientHeight;
        frame.style.height = `${Math.ceil(page.getBoundingClientRect().height) + bar + 2}px`;
      };
      frame.addEventListener("load", () => {
        fit();
        const body = frame.contentDocument?.body;
        if (body) new ResizeObserver(fit).observe(body);
      });
    }
  }

  // What stands in a status when a page comes is not read aloud; what comes into it is.
  const saved = document.getElementById("saved");
  if (saved) {
    const words = saved.textContent;
    saved.textContent = "";
    setTimeout(() => { saved.textContent = words; }, 100);
    // Whoever goes on has seen it.
    saved.addEventListener("click", () => saved.remove());
    form?.addEventListener("input", () => saved.remove());
  }

  // Puts a value that was kept into a field; one that it can no longer have is left out.
  function put(name, value) {
    const field = form.elements[name];
    if (!field || typeof value !== "string") return;
    const was = field.value;
    field.value = value;
    if (field.value !== value) field.value = was;
  }

  // Says what the macros of a draft do that the form has no field for. One that is no longer offered is not run.
  function showRest() {
    const offered = [...(document.getElementById("macro")?.options ?? [])].filter((option) => option.value);
    if (!form.elements.macros) return;
    const ids = form.elements.macros.value.split(",");
    const chosen = ids.map((id) => offered.find((option) => option.value === id)).filter(Boolean);
    form.elements.macros.value = chosen.map((option) => option.value).join(",");
    const said = chosen.filter((option) => option.dataset.rest).map((option) => {
      const line = document.createElement("span");
      const [name, rest] = [document.createElement("bdi"), document.createElement("bdi")];
      name.textContent = option.textContent;
      rest.textContent = option.dataset.rest;
      line.append(name, " also ", rest, " on submit. ");
      return line;
    });
    document.getElementById("macro-rest").replaceChildren(...said);
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

  key("ticket", "r", "Reply", () => form && write("public"));
  key("ticket", "n", "Note", () => form && write("internal"));
  key("ticket", "s", "Status", () => form && document.getElementById("status").focus());
  key("ticket", "a", "Assign", () => form && document.getElementById("assignee").focus());
  key("ticket", "u", "Back to the view", () => document.getElementById("back")?.click());
}
