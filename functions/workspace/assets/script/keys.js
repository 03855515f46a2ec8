// Listens for the keys that the parts before have named. Never while one writes.
addEventListener("keydown", (event) => {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const found = keys.find((it) => it.name === event.key && (it.where === "everywhere" || it.where === place));
  if (!found) return;
  if (event.key !== "Escape") event.preventDefault();
  found.does();
});
