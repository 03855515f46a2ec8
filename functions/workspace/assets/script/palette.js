// The palette: what can be done here, places, tickets, customers.
{
  const FEW = 5, PAUSE = 150;
  let dialog, field, list, narrowed, row, asked = 0, hasMoved = false, timer;

  const make = () => {
    dialog = el("dialog", { id: "palette", className: "veil", ariaLabel: t("Search and commands") });
    field = el("input", { type: "search", id: "palette-field", autocomplete: "off", dir: "auto" });
    for (const [name, value] of Object.entries({ role: "combobox", "aria-label": t("Search or do"), "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list" })) field.setAttribute(name, value);
    list = el("div", { id: "palette-list", role: "listbox", ariaLabel: t("Matches") });
    const foot = el("footer");
    for (const [name, words] of [["↑ ↓", t("move")], ["Enter", t("do")], [">", t("commands only")], ["Esc", t("back")]]) {
      const hint = el("span", { className: "wide" });
      hint.append(el("kbd", { textContent: name }), ` ${words}`);
      foot.append(hint);
    }
    foot.append(el("button", { type: "button", className: "push flat only-phone", textContent: t("Close"), onclick: () => dialog.close() }));
    dialog.append(field, list, foot);
    document.body.append(dialog);
    field.addEventListener("input", () => show());
    dialog.addEventListener("keydown", (event) => {
      const all = options(), at = all.findIndex((it) => it.ariaSelected === "true");
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by && all.length) {
        event.preventDefault();
        hasMoved = true;
        choose(all[(at + by + all.length) % all.length]);
      }
      // A field of a search would only be emptied by it.
      if (event.key === "Escape") {
        event.preventDefault();
        dialog.close();
      }
      if (event.key === "Enter") {
        event.preventDefault();
        // A number is a ticket, also before it was looked up.
        const typed = field.value.trim().replace(/^#/, "");
        if (!narrowed && /^\d+$/.test(typed)) location.href = `/agent/tickets/${typed}`;
        else all[Math.max(at, 0)]?.click();
      }
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  };
  const options = () => $$("[role=option]", list);
  const choose = (option) => {
    for (const it of options()) it.ariaSelected = String(it === option);
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const has = (words) => {
    const all = words.toLowerCase();
    return field.value.replace(/^>/, "").toLowerCase().split(/\s+/).every((word) => all.includes(word));
  };

  // What can be done here: what has a key, and what can be chosen on the page.
  const commands = () => {
    const acts = named().filter((it) => it.where === place || it.where === "everywhere").filter((it) => !it.hidden)
      .map((it) => ({ words: it.words, name: it.name, does: () => it.does() }));
    // What can be done to the ticked rows, or to the one in focus.
    if (row || $(".rows input[type=checkbox]:checked")) {
      for (const button of $$(".bulk-menu button.item[name=act]")) {
        acts.push({ words: `${button.closest("[aria-label]").ariaLabel}: ${button.textContent.trim()}`, does: () => {
          tickRow();
          button.click();
        } });
      }
    }
    for (const select of $$("select[data-palette]")) {
      if (select.disabled) continue;
      for (const option of select.options) {
        if (option.selected && !select.multiple && select.dataset.key !== "m") continue;
        if (!option.value) continue;
        acts.push({ of: select, words: `${select.dataset.palette}: ${option.textContent.trim()}`, name: select.dataset.key, does: () => pick(select, option) });
      }
    }
    return acts;
  };
  // Without ticks it is the row in focus that is meant.
  const tickRow = () => {
    const tick = row && $("input[type=checkbox]", row);
    if (!tick || $(".rows input[type=checkbox]:checked")) return;
    tick.checked = true;
    tick.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const pick = (select, option) => {
    select.value = option.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    const apply = $("[data-apply]", select.closest("form, fieldset") ?? document);
    apply?.click();
  };
  const places = () => $$("#rail li a, #availability a.item").map((link) => ({ words: $("span", link)?.textContent ?? link.textContent, href: link.href }));

  const group = (words, items, prefix) => {
    if (!items.length) return [];
    const box = el("div", { role: "group", ariaLabel: words });
    box.append(el("h2", { role: "presentation", textContent: words }), ...items.map((item, at) => {
      const option = el(item.href ? "a" : "div", { role: "option", id: `p-${prefix}${at}`, tabIndex: -1, ariaSelected: "false" });
      if (item.href) option.href = item.href;
      option.append(el("span", { className: "cut", textContent: item.words }));
      if (item.name) option.append(el("kbd", { className: "push", textContent: item.name }));
      if (item.does) option.addEventListener("click", () => {
        dialog.close();
        item.does();
      });
      return option;
    }));
    return [box];
  };
  const show = async () => {
    const typed = field.value.trim(), only = narrowed || typed.startsWith(">");
    const acts = commands().filter((it) => (narrowed ? it.of === narrowed : true) && has(it.words));
    const far = only ? [] : places().filter((it) => has(it.words));
    const few = only ? acts.length : typed ? FEW : FEW + 3;
    const found = list.querySelector("#palette-found");
    const parts = [
      ...group(narrowed ? narrowed.dataset.palette : t("Do"), acts.slice(0, few), "d"),
      ...group(t("Go to"), far.slice(0, typed ? FEW : 10), "g"),
    ];
    // Groups within a part of the list still belong to it.
    const box = found ?? el("div", { id: "palette-found", role: "presentation" });
    if (only || !typed) box.replaceChildren();
    const all = only || !typed ? [] : group(t("Search"), [{ words: t("Search everything for “{text}”").replace("{text}", () => typed), href: `/agent/search?q=${encodeURIComponent(typed)}` }], "s");
    list.replaceChildren(...parts, box, ...all);
    hasMoved = false;
    choose(options()[0]);
    clearTimeout(timer);
    if (!only && typed) timer = setTimeout(() => look(typed, box), PAUSE);
  };
  const look = async (typed, box) => {
    asked += 1;
    const mine = asked;
    try {
      const answer = await fetch(`/agent/palette?q=${encodeURIComponent(typed)}`, { cache: "no-store", redirect: "manual" });
      if (!answer.ok || mine !== asked || field.value.trim() !== typed) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      box.replaceChildren(...[...page.body.children].map((it) => document.importNode(it, true)));
      // What stands first is meant, unless one has gone on already; of a number, its ticket.
      if (!hasMoved) choose((/^#?\d+$/.test(typed) && $("#palette-found [role=option]")) || options()[0]);
    } catch {
      // There is no line: what stands on the page can be done all the same.
    }
  };
  const open = (select, text = "") => {
    if (!dialog) make();
    if (dialog.open) dialog.close();
    row = document.activeElement?.closest?.(".rows li") ?? $(".rows li.on");
    narrowed = select;
    field.value = text;
    field.placeholder = select ? select.dataset.palette : t("Search or do");
    list.replaceChildren();
    dialog.showModal();
    field.focus();
    show();
  };

  key("everywhere", "Ctrl k", t("Search or do"), () => open());
  // One place to choose, one look: these open it narrowed.
  for (const letter of ["a", "s", "p", "m"]) {
    const select = $(`select[data-palette][data-key="${letter}"]`);
    if (select && place) key(place, letter, select.dataset.palette, () => open($(`select[data-palette][data-key="${letter}"]`) ?? select));
  }
}
