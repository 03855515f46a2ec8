// The frame: the search is one key away, and what lies over the page goes with Escape.
{
  key("everywhere", "/", "Search", () => {
    const field = $("#search");
    if (!field?.checkVisibility()) {
      location.href = "/agent/search";
      return;
    }
    field.focus();
    field.select();
  });
  // What saved views have is counted beside the page, not before it.
  const counted = async () => {
    if (document.hidden || !$("[id^=view-saved-]")) return;
    const answer = await fetch("/agent/views/counts").catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    for (const [view, count] of Object.entries(await answer.json())) {
      const link = document.getElementById(`view-${view}`);
      if (!link) continue;
      let said = $(".count", link);
      if (!said && count) {
        said = document.createElement("b");
        said.className = "count";
        link.append(said);
      }
      if (said && said.textContent !== count) said.textContent = count;
    }
  };
  counted();

  key("everywhere", "Escape", "Back", () => {
    // On a phone the rail is a sheet over the page.
    if (location.hash === "#rail") location.hash = "main";
  });
}
