// The frame: the search is one key away, and what lies over the page goes with Escape.
{
  key("everywhere", "/", t("Search"), () => {
    const field = $("#search");
    if (!field?.checkVisibility()) {
      location.href = "/agent/search";
      return;
    }
    field.focus();
    field.select();
  });
  // Times are told where the browser is, unless somebody chose another place. Said once, it is known to every page that follows.
  const { zone, follows } = document.documentElement.dataset;
  const own = `docket_zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  if (follows != null && !document.cookie.includes(own)) {
    document.cookie = `${own};path=/;max-age=31536000;samesite=lax`;
    if (document.cookie.includes(own) && !own.endsWith(`=${zone}`)) location.reload();
  }
  key("everywhere", "c", t("New ticket by phone"), () => { location.href = "/agent/tickets/new"; });
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
        said = el("b", { className: "count" });
        link.append(said);
      }
      if (said && said.textContent !== count) said.textContent = count;
    }
  };
  counted();

  key("everywhere", "Escape", t("Back"), () => {
    // On a phone the rail is a sheet over the page.
    if (location.hash === "#rail") location.hash = "main";
  });
}
