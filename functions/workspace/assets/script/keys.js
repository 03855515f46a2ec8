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
      dialog = document.createElement("dialog");
      dialog.id = "keys";
      dialog.className = "veil";
      dialog.setAttribute("aria-labelledby", "keys-title");
      const [head, title, label, box, close, all] = ["header", "h1", "label", "input", "button", "div"].map((name) => document.createElement(name));
      title.id = "keys-title";
      title.textContent = "Keys";
      label.className = "line push small";
      box.type = "checkbox";
      box.id = "single-keys";
      label.append(box, "Single keys");
      box.onchange = () => (box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1"));
      close.type = "button";
      close.textContent = "Close";
      close.onclick = () => dialog.close();
      head.append(title, label, close);
      all.className = "keys";
      all.tabIndex = 0;
      const names = { everywhere: "Everywhere", list: "In a list", ticket: "On a ticket" };
      for (const [where, words] of Object.entries(names)) {
        const of = named().filter((it) => it.where === where);
        if (!of.length) continue;
        const [section, name] = [document.createElement("section"), document.createElement("h2")];
        name.textContent = words;
        section.append(name, ...of.map((it) => {
          const [line, said, keyed] = [document.createElement("div"), document.createElement("span"), document.createElement("kbd")];
          said.textContent = it.words;
          keyed.textContent = it.name.replace("Escape", "Esc").replace("Ctrl k", "Ctrl K");
          line.append(said, keyed);
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
  key("everywhere", "?", "All keys", show);
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
