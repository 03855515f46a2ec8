// Listens for the keys that the parts before have named, and lists them. Single keys can be switched off; none holds while one writes.
{
  const SECOND = 1_000;
  const off = `docket-keys-off-${document.body.dataset.drafts}`;
  const isOff = () => localStorage.getItem(off) === "1";
  const isSingle = (name) => !name.startsWith("Ctrl ") && !["Escape", "Enter"].includes(name);
  let first = "", firstAt = 0;

  // g, then a letter: the views of the rail.
  const views = { m: "mine", u: "unassigned", o: "overdue", d: "soon", w: "waiting", z: "snoozed", n: "mentions", h: "held", a: "open", s: "solved" };
  for (const [letter, slug] of Object.entries(views)) {
    const link = $(`#view-${slug}`);
    const words = link && ($("span", link)?.textContent ?? link.textContent).trim();
    if (link) key("everywhere", `g ${letter}`, words, () => { location.href = link.href; });
  }
  $$("#rail section li a").slice(0, 9).forEach((link, at) => {
    key("everywhere", `g ${at + 1}`, ($("span", link)?.textContent ?? link.textContent).trim(), () => { location.href = link.href; });
  });
  // Places stand in the palette as places already.
  for (const it of keys) if (it.name.startsWith("g ")) it.hidden = true;

  const show = () => {
    let dialog = $("#keys");
    if (!dialog) {
      dialog = el("dialog", { id: "keys", className: "veil", ariaLabel: t("Keys") });
      const head = el("header"), label = el("label", { className: "line push small" });
      const box = el("input", { type: "checkbox", id: "single-keys", onchange: () => (box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1")) });
      label.append(box, t("Single keys"));
      head.append(el("h1", { textContent: t("Keys") }), label, el("button", { type: "button", textContent: t("Close"), onclick: () => dialog.close() }));
      const all = el("div", { className: "keys", tabIndex: 0 });
      const names = { everywhere: t("Everywhere"), list: t("In a list"), ticket: t("On a ticket") };
      for (const [where, words] of Object.entries(names)) {
        const of = named().filter((it) => it.where === where);
        if (!of.length) continue;
        const section = el("section");
        section.append(el("h2", { textContent: words }), ...of.map((it) => {
          const line = el("div");
          line.append(el("span", { textContent: it.words }), el("kbd", { textContent: it.name.replace("Escape", "Esc").replace("Ctrl k", "Ctrl K") }));
          return line;
        }));
        all.append(section);
      }
      dialog.append(head, all);
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
      document.body.append(dialog);
    }
    $("#single-keys").checked = !isOff();
    dialog.showModal();
  };
  key("everywhere", "?", t("All keys"), show);
  const opener = $("#show-keys");
  if (opener) {
    opener.hidden = false;
    opener.onclick = show;
  }

  const nameOf = (event) => {
    const isHeld = event.ctrlKey || event.metaKey;
    const letter = isHeld ? (event.key.length === 1 ? event.key.toLowerCase() : event.key) : event.key;
    return `${isHeld ? "Ctrl " : ""}${isHeld && event.shiftKey ? "Shift " : ""}${letter}`;
  };
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const name = nameOf(event), isFree = !isTyping(event.target);
    // What lies over the page has its own keys.
    const isCovered = $("dialog[open]");
    if (isCovered && name !== "Ctrl k") return;
    if (!isFree && name === "Escape") return event.target.blur();
    if (isSingle(name) && (!isFree || isOff())) return;
    const isHere = (it) => it.where === "everywhere" || it.where === place;
    const second = first && Date.now() - firstAt < SECOND ? `${first} ${name}` : "";
    first = "";
    const found = (second && keys.find((it) => it.name === second && isHere(it))) || keys.findLast((it) => it.name === name && isHere(it));
    if (!found) {
      if (isFree && !isOff() && keys.some((it) => it.name.startsWith(`${name} `) && isHere(it))) [first, firstAt] = [name, Date.now()];
      return;
    }
    // A text is left by Ctrl keys only where they are ours.
    if (name !== "Escape") event.preventDefault();
    found.does(event);
  });
}
