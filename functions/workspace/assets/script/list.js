// A list of tickets: up and down.
{
  const step = (by) => {
    const links = $$("main .rows .text a, main .hits .hit-head a");
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))];
    next?.focus();
  };
  key("list", "j", "Down", () => step(1));
  key("list", "k", "Up", () => step(-1));
}
