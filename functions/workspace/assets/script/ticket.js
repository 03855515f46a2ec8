// The ticket's page: drafts that survive, what was sent taken back, properties saved at once, frames as high as their text.
{
  const main = $("#main");
  const prefix = `docket-draft-${document.body.dataset.drafts}-`;
  const ticket = main?.dataset.ticket;
  const form = $("#answer");
  const text = form && $("#text");
  // What a draft has: its words, who reads them, who gets them, what becomes of the ticket, the macros it is made of.
  const kept = ["text", "visibility", "forward_to", "copies", "status", "macros"];
  // These only as long as the ticket has what they were chosen instead of.
  const keptInstead = { assignee: "was_assignee", priority: "was_priority" };

  // What was sent is no draft any more, whatever page comes after it. Said once, it is not said again by a reload.
  const here = new URL(location.href);
  const sent = here.searchParams.get("done") ?? here.searchParams.get("undo")?.split(".")[0];
  const wasSent = sent ?? (here.searchParams.has("saved") && location.hash.startsWith("#comment-") ? ticket : null);
  if (wasSent) localStorage.removeItem(prefix + wasSent);
  for (const word of ["saved", "done", "undo"]) here.searchParams.delete(word);
  if (here.href !== location.href) history.replaceState(null, "", here);

  if (form) {
    const place = prefix + ticket;
    const draft = read(localStorage.getItem(place));
    if (draft && !text.value) {
      // A note stays a note, whatever the page begins with.
      for (const name of kept) put(form, name, draft[name]);
      for (const [name, instead] of Object.entries(keptInstead)) {
        if (draft[instead] === form.elements[instead].value) put(form, name, draft[name]);
      }
      showRest();
    }
    const keep = () => {
      const value = (name) => form.elements[name]?.value;
      const names = [...kept, ...Object.entries(keptInstead).filter(([name, was]) => value(name) !== value(was)).flat()];
      const parts = names.filter((name) => form.elements[name]).map((name) => [name, value(name)]);
      if (text.value) localStorage.setItem(place, JSON.stringify(Object.fromEntries(parts)));
      else localStorage.removeItem(place);
    };
    // A form that came back filled in is the draft from now on.
    if (text.value) keep();
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    let wasPosted = false;
    form.addEventListener("submit", (event) => {
      wasPosted = true;
      event.submitter?.setAttribute("aria-disabled", "true");
    });
    // A page that is gone back to as it was left would send under the name of what was sent: nothing of it would be saved.
    addEventListener("pageshow", (event) => event.persisted && wasPosted && location.reload());

    const files = $("#files");
    const most = Number(files.dataset.most);
    const told = () => {
      const chosen = [...files.files];
      const bytes = chosen.reduce((sum, file) => sum + file.size, 0);
      $("#files-hint").textContent = chosen.map((file) => file.name).join(", ");
      files.setCustomValidity(bytes > most ? `${t("These files are too large")}: ${files.closest("label").title}.` : "");
      files.reportValidity();
    };
    const attach = (more) => {
      const all = new DataTransfer();
      for (const file of [...files.files, ...more]) all.items.add(file);
      files.files = all.files;
      told();
    };
    files.addEventListener("change", told);
    text.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      attach(event.clipboardData.files);
    });
    for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
      form.addEventListener(name, (event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        form.classList.toggle("drop", over);
        if (name === "drop") attach(event.dataTransfer.files);
      });
    }
    // Where to go then is a habit.
    const then = $("#then");
    const habit = localStorage.getItem("docket-then");
    if (then && habit !== null) then.value = habit;
    then?.addEventListener("change", () => localStorage.setItem("docket-then", then.value));
  }

  // Each property is saved as it is changed; the page that comes back takes the place of what it changed.
  document.addEventListener("change", (event) => {
    const changed = event.target.closest?.("#property-form");
    if (changed) saveProperties(changed);
  });
  async function saveProperties(changed) {
    try {
      const answer = await fetch(changed.action, { method: "POST", body: new URLSearchParams([...new FormData(changed), ...["seen", "saw"].map((name) => [name, form.elements[name].value])]) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // Whoever is signed out, or finds no ticket any more, is to see that.
      if (!page.getElementById("head")) return changed.requestSubmit();
      const focused = document.activeElement?.id;
      for (const id of ["head", "side"]) document.getElementById(id).replaceWith(page.getElementById(id));
      // What is typed stays. It has seen what the person changed themselves, and of others what it had seen before.
      for (const name of ["seen", "was_assignee", "was_priority", "assignee", "priority"]) {
        const fresh = $(`#answer [name=${name}]`, page);
        if (fresh && (answer.ok || name !== "seen")) form.elements[name].value = fresh.value;
      }
      if (focused) document.getElementById(focused)?.focus();
      const words = $("#problem", page)?.textContent ?? $("#saved", page)?.textContent;
      if (words) say(words);
      dispatchEvent(new CustomEvent("docket:page", { detail: page }));
    } catch {
      changed.requestSubmit();
    }
  }

  const fitted = new WeakSet(), loaded = Date.now();
  // What stands on the page, and what comes to it.
  const settle = () => {
    $("#save-properties")?.setAttribute("hidden", "");
    // What waited stands as a message of its own once its time is over.
    for (const entry of $$(".waits")) if (Date.now() > loaded + Number(entry.dataset.seconds) * 1000) entry.remove();
    for (const frame of $$("#thread iframe").filter((frame) => !fitted.has(frame))) {
      fitted.add(frame);
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
  };
  settle();
  addEventListener("docket:live", settle);

  // What was sent can be taken back for some seconds.
  const undo = $("#undo");
  if (undo) setTimeout(() => undo.remove(), Number(undo.dataset.seconds) * 1000);
  if (undo) key("everywhere", "Ctrl z", t("Take the answer back"), () => undo.isConnected && undo.requestSubmit());

  // What stands in a status when a page comes is not read aloud; what comes into it is.
  function say(words) {
    $("#saved")?.remove();
    const status = el("p", { className: "toast saved", id: "saved", role: "status" });
    document.body.append(status);
    setTimeout(() => { status.textContent = words; }, 100);
    // Whoever goes on has seen it.
    status.addEventListener("click", () => status.remove());
    form?.addEventListener("input", () => status.remove(), { once: true });
  }
  if ($("#saved")) say($("#saved").textContent);

  // Says what the macros of a draft do that the form has no field for. One that is no longer offered is not run.
  function showRest() {
    const offered = [...($("#macro")?.options ?? [])].filter((option) => option.value);
    if (!form.elements.macros) return;
    const ids = form.elements.macros.value.split(",");
    const chosen = ids.map((id) => offered.find((option) => option.value === id)).filter(Boolean);
    form.elements.macros.value = chosen.map((option) => option.value).join(",");
    const said = chosen.filter((option) => option.dataset.rest).map((option) => {
      const line = document.createElement("span");
      line.textContent = `${option.dataset.rest} `;
      return line;
    });
    $("#macro-rest").replaceChildren(...said);
  }

  // A draft as it was kept.
  function read(draft) {
    try {
      return JSON.parse(draft);
    } catch {
      return null;
    }
  }

  function write(visibility) {
    const radio = document.getElementById(visibility);
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    text.focus();
  }

  // The green button of what is being written; `stays`: sends, and solves nothing.
  const send = (stays) => form.requestSubmit(stays && $("#public").checked ? $("#submit") : $$(".go", form).find((it) => it.checkVisibility()));

  if (form) {
    key("ticket", "Ctrl Enter", t("The green button"), () => send(false));
    key("ticket", "Ctrl Shift Enter", t("Send"), () => send(true));
  }
  const press = (selector) => () => $(selector)?.click();
  const go = (selector) => () => $(selector)?.focus();
  key("ticket", "r", t("Reply"), () => form && write("public"));
  key("ticket", "n", t("Note"), () => form && write("internal"));
  key("ticket", "f", t("Forward"), () => $("#forward") && write("forward"));
  key("ticket", "l", t("Log a call"), () => form && write("call"));
  key("ticket", "j", t("Next ticket"), press("#next"));
  key("ticket", "k", t("Previous ticket"), press("#previous"));
  key("ticket", "u", t("Back to the view"), press("#back"));
  key("ticket", "e", t("Solve"), press("#solve"));
  key("ticket", "i", t("Assign to me"), press("#take"));
  key("ticket", "t", t("Tags"), go("#p-tags"));
  key("ticket", "z", t("Snooze"), () => {
    $("#snooze-button")?.click();
    $("#snooze-menu button")?.focus();
  });
  key("ticket", "y", t("Why is it here"), () => $("#why")?.scrollIntoView());
}
