// A list of tickets: up and down, ticks and what is done to them, pages. The bar at the foot is there without this, too.
{
  // Asked anew each time: live pages take other rows in.
  const rows = () => $("main .rows");
  const links = () => $$("main .rows .text a, main .hits .hit-head a");
  const focused = () => document.activeElement?.closest?.("main .rows li");
  const step = (by) => {
    const all = links();
    const at = all.findIndex((link) => (link.closest("li") ?? link).contains(document.activeElement));
    all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
  };
  const ticks = () => $$("main .rows [name=t]");
  const count = () => {
    const ticked = ticks().filter((tick) => tick.checked).length;
    if ($("#ticked")) $("#ticked").textContent = t("{count} ticked").replace("{count}", ticked);
    rows()?.classList.toggle("picking", ticked > 0);
  };
  let last;
  const tick = (row, upToHere) => {
    const all = ticks();
    const box = row && $("[name=t]", row);
    if (!box) return;
    const from = all.indexOf(last);
    const here = all.indexOf(box);
    if (upToHere && from >= 0) for (const between of all.slice(Math.min(from, here), Math.max(from, here) + 1)) between.checked = true;
    else box.checked = !box.checked;
    last = box;
    count();
  };
  // What is done is done to the ticked ones, else to the one that has the focus.
  const act = (name) => {
    const all = ticks();
    if (!all.some((box) => box.checked)) {
      const row = focused();
      if (!row) return;
      tick(row);
    }
    $(`#menu-${name}`)?.showPopover();
    $(`#menu-${name} :is(button, input, select)`)?.focus();
  };

  if (rows()) {
    count();
    addEventListener("docket:live", count);
    document.addEventListener("change", (event) => event.target.matches(".rows [name=t]") && count());
    document.addEventListener("click", (event) => {
      if (!event.target.matches(".rows [name=t]")) return;
      if (event.shiftKey && last && last !== event.target) {
        event.target.checked = !event.target.checked;
        tick(event.target.closest("li"), true);
      }
      last = event.target;
      count();
    });
    $("#bulk")?.addEventListener("reset", () => setTimeout(count));
    // A finger that stays on a row begins to tick.
    let held;
    document.addEventListener("pointerdown", (event) => {
      const row = event.pointerType === "touch" && event.target.closest("main .rows li");
      if (row) held = setTimeout(() => tick(row), 500);
    });
    for (const end of ["pointerup", "pointercancel", "pointermove"]) document.addEventListener(end, () => clearTimeout(held));
    document.addEventListener("contextmenu", (event) => {
      if (event.pointerType === "touch" && event.target.closest(".rows.picking")) event.preventDefault();
    });
  }

  // What was done is said once: not again when one comes back, or loads the page anew.
  const here = new URL(location.href);
  if (here.searchParams.has("did")) {
    here.searchParams.delete("did");
    here.searchParams.delete("proof");
    history.replaceState(null, "", here);
  }

  key("list", "j", t("Down"), () => step(1));
  key("list", "k", t("Up"), () => step(-1));
  key("list", "ArrowDown", "", () => step(1));
  key("list", "ArrowUp", "", () => step(-1));
  if (ticks()[0]) {
    key("list", "x", t("Tick"), () => tick(focused()));
    key("list", "X", t("Tick up to here"), () => tick(focused(), true));
  }
  if ($("#filters")) key("list", "f", t("Filter"), () => {
    $("#filters").showPopover();
    $("#filters :checked, #filters input[type=checkbox]")?.focus();
  });
  key("list", "[", t("Previous page"), () => $("#previous")?.click());
  key("list", "]", t("Next page"), () => $("#next")?.click());
  for (const menu of $$(".bulk-menu")) {
    const name = menu.id.slice(5);
    key("list", name === "snooze" ? "z" : name[0], menu.ariaLabel, () => act(name));
  }
}
