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
  key("everywhere", "Escape", "Back", () => {
    // On a phone the rail is a sheet over the page.
    if (location.hash === "#rail") location.hash = "main";
  });
}
