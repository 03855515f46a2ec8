// What changes at the desk shows on the page: counts, rows, messages, who is there, what one is told; and what is typed is kept at the desk.
// Whatever is typed, chosen, open or focused stays as it is.
{
  const IN_SIGHT = 3_000, HIDDEN = 30_000, BEAT = 10_000, PAUSE = 2_000;
  // Counts of others' lists follow more slowly, and who looks at the tickets of a list.
  const main = $("#main"), ticket = main?.dataset.ticket, me = document.body.dataset.drafts;
  const SLOWLY = ticket ? 30_000 : 10_000, ROWS = 30_000;
  let csrf = $("input[name=csrf]")?.value;
  const title = document.title;
  let tag = "", known, refreshed = Date.now(), came = 0, polls = 0, isOver = false, isLate = false, timer;

  const banner = (words, link) => {
    let line = $("#line-says");
    if (!words) return line?.remove();
    if (!line) {
      line = el("p", { id: "line-says", className: "banner", role: "status" });
      main.prepend(line);
    }
    if (line.dataset.words === words) return;
    line.dataset.words = words;
    line.textContent = words;
    if (link) line.append(" ", link);
  };
  const endSession = () => {
    isOver = true;
    banner(t("You are signed out. What you wrote stays here."), el("a", { href: "/agent/sign-in", target: "_blank", textContent: t("Sign in again") }));
  };
  // A call home. Nothing where there is no line, or nobody is signed in.
  const call = async (path, more = {}) => {
    if (isOver) return null;
    try {
      const answer = await fetch(path, { cache: "no-store", redirect: "manual", ...more });
      if (answer.status === 401 || answer.type === "opaqueredirect") return endSession();
      banner("");
      return answer;
    } catch {
      banner(t("There is no line to the desk. What you write is kept on this machine until it is back."));
      return null;
    }
  };
  const post = (path, fields, more = {}) => call(path, { method: "POST", body: new URLSearchParams({ csrf, ...fields }), ...more });

  // ---- What the desk says of what is open
  const showTitle = () => { document.title = came ? `(${came}) ${title}` : title; };
  const poll = async () => {
    clearTimeout(timer);
    polls += 1;
    const mine = polls;
    const open = new URLSearchParams({ view: new URL(location).searchParams.get("view") ?? (place === "list" ? "mine" : ""), ticket: ticket ?? "" });
    const answer = await call(`/agent/version?${open}`, { headers: tag ? { "If-None-Match": tag } : {} });
    if (answer?.status === 200) {
      tag = answer.headers.get("ETag") ?? "";
      await follow(await answer.json());
    } else if (place === "list" && !document.hidden && Date.now() - refreshed > ROWS) await refresh();
    // Of two that overlapped only the newer goes on.
    if (!isOver && mine === polls) timer = setTimeout(poll, document.hidden ? HIDDEN : IN_SIGHT);
  };
  const follow = async (now) => {
    const before = known;
    known = { ...now };
    showUnseen(now.unseen);
    if (now.ticket) showCompany(now.ticket.company);
    if (before && now.told > before.told) await tell(before.told);
    const isOther = now.ticket && main.dataset.v && now.ticket.v > Number(main.dataset.v);
    // Other places follow as slowly as counts do.
    const isListOther = before && now.view !== before.view && !ticket && (place === "list" || $("main .empty"));
    if (isOther || isListOther) return refresh();
    if (before && (now.lists !== before.lists || now.there !== before.there)) {
      if (Date.now() - refreshed > SLOWLY) return refresh();
      // Looked at again with the next poll.
      known = { ...known, lists: before.lists, there: before.there };
      tag = "";
    }
  };

  // ---- The same page anew, of which only what changed is taken
  const refresh = async () => {
    // A ticket, and what one is told, is read where it is seen: what comes behind another window waits until one is back.
    if (document.hidden && (ticket || location.pathname === "/agent/notifications")) {
      came = Math.max(came, ticket ? 1 : 0);
      isLate = true;
      tag = "";
      return showTitle();
    }
    isLate = false;
    refreshed = Date.now();
    const here = new URL(location);
    here.hash = "";
    here.searchParams.delete("saved");
    const answer = await call(here);
    // What the line lost is asked for again with the next poll.
    if (!answer) tag = "";
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Whoever signed in again has forms of a new session; somebody else has none of these.
    if (page.body.dataset.drafts !== me) return endSession();
    for (const field of $$("input[name=csrf]")) field.value = csrf = $("input[name=csrf]", page).value;
    // A page in another language, or with times of another place, is no part of this one: it is shown whole, where nothing is typed or ticked.
    const [ours, other] = [document, page].map((it) => it.documentElement);
    if (ours.lang !== other.lang || ours.dataset.zone !== other.dataset.zone) return place === "list" && !$("main .rows :checked") && !isInUse(main) && location.reload();
    for (const link of $$("#rail a[id]")) swapCount(link, page.getElementById(link.id));
    // A thread and a list have ways of their own.
    for (const part of $$("[data-live][id]:not(#thread), #total, #overdue, #due-soon, #range")) swapPart(part, page.getElementById(part.id));
    if (place === "list" || (!ticket && $("main .rows", page))) swapRows(page);
    if (ticket) swapThread(page);
    dispatchEvent(new Event("docket:live"));
  };
  const swapCount = (link, fresh) => {
    const [old, now] = [$(".count", link), fresh && $(".count", fresh)];
    if (!now) return old?.remove();
    if (!old) return link.append(document.importNode(now, true));
    if (old.outerHTML !== now.outerHTML) old.replaceWith(document.importNode(now, true));
  };
  // Nothing is taken away under somebody's hands.
  const isInUse = (part) => (part.contains(document.activeElement) && document.activeElement !== part) || $(":popover-open, .mark:checked", part);
  const swapPart = (part, fresh) => {
    if (!fresh || part.isEqualNode(fresh) || isInUse(part)) return;
    const copy = document.importNode(fresh, true);
    // What was unfolded, or folded, stays so.
    const [old, now] = [$$("details", part), $$("details", copy)];
    if (old.length === now.length) old.forEach((it, at) => { now[at].open = it.open; });
    const [top, isFocused] = [part.scrollTop, part === document.activeElement];
    part.replaceWith(copy);
    copy.scrollTop = top;
    if (isFocused) copy.focus({ preventScroll: true });
  };

  // ---- Rows keep their place: what came, and what went, shows when one asks for it
  const number = (row) => $("a[id^=open-]", row)?.id;
  const swapRows = (page) => {
    const old = $("main .rows"), now = $("main .rows", page);
    const shown = new Map($$("li", old ?? el("i")).map((row) => [number(row), row]));
    const fresh = new Map($$("li", now ?? el("i")).map((row) => [number(row), row]));
    let more = 0;
    for (const [id, row] of fresh) {
      const mine = shown.get(id);
      if (!mine) more += 1;
      else if (!isInUse(mine) && !mine.isEqualNode(row)) takeRow(mine, row);
    }
    for (const [id, row] of shown) row.classList.toggle("gone", !fresh.has(id));
    if (document.hidden && more > came) {
      came = more;
      showTitle();
    }
    offer(more, () => {
      const copy = now && document.importNode(now, true);
      for (const tick of copy ? $$("input[type=checkbox]", copy) : []) {
        tick.checked = Boolean($$("input[type=checkbox]:checked", old ?? copy).find((it) => it.value === tick.value && it.name === tick.name));
      }
      const focused = number(document.activeElement?.closest?.("li") ?? copy ?? main);
      if (old && copy) old.replaceWith(copy);
      else location.reload();
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
      dispatchEvent(new Event("docket:live"));
    });
  };
  const takeRow = (mine, row) => {
    const tick = $("input[type=checkbox]", mine), isOn = mine.classList.contains("on");
    const copy = document.importNode(row, true);
    const its = $("input[type=checkbox]", copy);
    if (tick && its) its.checked = tick.checked;
    copy.classList.toggle("on", isOn);
    mine.replaceWith(copy);
  };
  const offer = (more, show) => {
    let line = $(".arrived");
    if (!more) return line?.remove();
    if (!line) {
      line = el("p", { className: "arrived", role: "status" });
      line.append(el("button", { type: "button", id: "show-arrived" }));
      const before = $("main .rows, main .empty");
      before ? before.before(line) : main.append(line);
    }
    const button = line.firstChild;
    button.textContent = more === 1 ? t("1 came since. Show it") : t("{count} came since. Show them").replace("{count}", more);
    button.onclick = () => {
      line.remove();
      show();
    };
  };

  // ---- A thread grows at its end, above what is written
  const foot = () => $("#composer").getBoundingClientRect().top;
  const swapThread = (page) => {
    const now = $("main", page), thread = $("#thread"), fresh = $("#thread", page);
    if (!now || !thread || !fresh) return;
    const wasAtEnd = !(thread.lastElementChild?.getBoundingClientRect().bottom > foot() + 60);
    const have = new Set($$(":scope > [id]", thread).map((entry) => entry.id));
    const ids = $$(":scope > [id]", fresh).map((entry) => entry.id);
    const lastKnown = ids.findLastIndex((id) => have.has(id));
    const added = $$(":scope > *", fresh).slice($$(":scope > *", fresh).findLastIndex((entry) => entry.id === ids[lastKnown]) + 1);
    for (const entry of $$(":scope > [id]", fresh)) {
      const mine = have.has(entry.id) && document.getElementById(entry.id);
      if (mine && !$("iframe", mine)) swapPart(mine, entry);
    }
    // What waited to be sent, or was taken back.
    for (const mine of $$(":scope > [id]", thread)) if (!ids.includes(mine.id) && mine.id !== "new-since") mine.remove();
    const written = added.filter((entry) => /^(comment|merged)/.test(entry.id));
    // Runs of events between have no names: the last one is taken for the newer.
    while (thread.lastElementChild && !thread.lastElementChild.id) thread.lastElementChild.remove();
    if (written.length && !$("#new-since") && !added.some((entry) => entry.id === "new-since")) {
      thread.append(el("li", { id: "new-since", className: "cut-line fresh", textContent: t("New since you last looked") }));
    }
    thread.append(...added.map((entry) => document.importNode(entry, true)));
    main.dataset.v = now.dataset.v;
    if (!written.length) return;
    const [first, last] = [written[0], written.at(-1)].map((entry) => document.getElementById(entry.id));
    if (wasAtEnd) first.scrollIntoView({ block: "nearest" });
    watchSeen(first, last, now.dataset.v);
  };
  // What came is seen once its last stood in sight: then an answer is not held back because of it.
  const watchSeen = (first, last, v) => {
    const seen = new IntersectionObserver((entries) => {
      if (document.hidden || !entries.some((it) => it.isIntersecting)) return;
      seen.disconnect();
      $("#arrived-below")?.remove();
      const field = $("#answer [name=seen]");
      if (field && Number(field.value) < Number(v)) field.value = v;
    }, { rootMargin: `0px 0px ${Math.min(0, foot() - innerHeight)}px` });
    seen.observe(last);
    if (first.getBoundingClientRect().top < foot()) return;
    $("#arrived-below")?.remove();
    document.body.append(el("button", { type: "button", id: "arrived-below", className: "toast", textContent: t("1 new"), onclick: () => first.scrollIntoView({ block: "center" }) }));
  };
  // What comes back of a property that was saved.
  addEventListener("docket:page", (event) => {
    swapThread(event.detail);
    dispatchEvent(new Event("docket:live"));
  });

  // ---- Who else is there
  const showCompany = (company) => {
    const line = $("#company");
    const words = JSON.stringify(company);
    if (line.dataset.words === words) return;
    line.dataset.words = words;
    line.replaceChildren(...company.map((it) => el("span", { className: it.writes ? "pill ink live" : "pill", dir: "ltr", textContent: it.words })));
  };
  let beatTimer, said = "", wroteAt = 0;
  const beat = () => {
    clearTimeout(beatTimer);
    if (!ticket || document.hidden || isOver) return;
    said = Date.now() - wroteAt < BEAT ? "writes" : "looks";
    post(`/agent/tickets/${ticket}/presence`, { does: said });
    beatTimer = setTimeout(beat, BEAT);
  };

  // ---- What one is told
  const showUnseen = (unseen) => {
    for (const where of $$("#presence, #open-notifications")) {
      let dot = $(".dot-news", where);
      if (!unseen) dot?.remove();
      else {
        if (!dot) {
          dot = document.createElement("span");
          dot.className = "dot-news push";
          where.append(dot);
        }
        dot.textContent = unseen;
        dot.title = t("{count} you have not seen").replace("{count}", unseen);
      }
    }
  };
  const tell = async (since) => {
    const answer = await call(`/agent/notifications/news?told=${since}`);
    if (!answer) [known.told, tag] = [since, ""];
    if (!answer?.ok) return;
    const { news, more } = await answer.json();
    // Of several windows one is enough.
    const told = `docket-told-${me}`, until = since + news.length + more;
    const isFirst = Number(localStorage.getItem(told) ?? 0) < until;
    if (isFirst) localStorage.setItem(told, until);
    for (const it of news) {
      if (it.page && !document.hidden) toast(it);
      if (it.browser && isFirst && "Notification" in window && Notification.permission === "granted") {
        const shown = new Notification(it.words, { body: it.subject, tag: it.href });
        shown.onclick = () => {
          focus();
          location.href = it.href;
        };
      }
    }
  };
  const toast = (it) => {
    let box = $(".tellings");
    if (!box) {
      box = el("div", { className: "tellings", role: "status" });
      document.body.append(box);
    }
    const [line, link, close] = ["p", "a", "button"].map((name) => document.createElement(name));
    line.className = "toast";
    link.href = it.href;
    link.textContent = it.words;
    close.type = "button";
    close.textContent = t("Close");
    close.onclick = () => line.remove();
    const subject = document.createElement("bdi");
    subject.textContent = it.subject;
    line.append(link, " ", subject, " ", close);
    box.append(line);
    while (box.children.length > 3) box.firstChild.remove();
    setTimeout(() => line.remove(), 8_000);
  };
  const ask = $("#ask-browser");
  if (ask && "Notification" in window) {
    const says = () => {
      ask.hidden = Notification.permission !== "default";
      $("#browser-says").textContent = { granted: t("Your browser shows them."), denied: t("Your browser is set to show none of them.") }[Notification.permission] ?? "";
    };
    ask.onclick = () => Notification.requestPermission().then(says);
    says();
  }

  // ---- What is typed is kept
  const form = $("#answer");
  if (ticket && form) {
    const at = `/agent/tickets/${ticket}/draft`;
    let version = form.dataset.draftV ?? "0", isDirty = false, isSent = false, isBusy = false, pause;
    const fields = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string").concat([["known", version]]));
    const says = (words, ...more) => {
      $("#draft-elsewhere")?.remove();
      $("#draft-says").textContent = more.length ? "" : words;
      if (!more.length) return;
      const line = el("p", { id: "draft-elsewhere", className: "say soon line wrap", role: "alert" });
      line.append(words, ...more);
      form.before(line);
    };
    const button = (textContent, onclick) => el("button", { type: "button", textContent, onclick });
    const keep = async () => {
      clearTimeout(pause);
      if (!isDirty || isSent || isOver) return;
      if (isBusy) {
        pause = setTimeout(keep, PAUSE);
        return;
      }
      [isBusy, isDirty] = [true, false];
      const answer = await call(at, { method: "POST", body: fields() });
      isBusy = false;
      if (!answer) isDirty = true;
      else if (answer.status === 413) says(t("The text is too long to be kept at the desk."));
      else if (answer.ok || answer.status === 409) {
        const kept = await answer.json();
        if (answer.ok) {
          version = kept.v;
          says(kept.v ? `${t("Draft kept")} ${new Date().toLocaleTimeString("de", { timeStyle: "short", timeZone: document.documentElement.dataset.zone })}` : "");
        } else {
          const other = kept.elsewhere;
          says(`${t("You wrote something else here on another page.")} `,
            button(t("Take that"), () => {
              for (const [name, value] of Object.entries(other)) put(form, name, value);
              version = kept.v;
              says("");
            }),
            button(t("Keep what stands here"), () => {
              version = kept.v;
              isDirty = true;
              keep();
            }));
        }
      } else {
        isDirty = true;
        says(t("What you write is kept on this machine only."));
      }
    };
    const changed = (event) => {
      // What a script put there is nobody's writing.
      if (event.isTrusted && event.type === "input") {
        wroteAt = Date.now();
        if (said !== "writes") beat();
      }
      isDirty = true;
      clearTimeout(pause);
      pause = setTimeout(keep, PAUSE);
    };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", () => {
      isSent = true;
      clearTimeout(pause);
    });
    addEventListener("pagehide", () => {
      // What is on its way may not arrive once the page is left.
      if ((isDirty || isBusy) && !isSent && !isOver) navigator.sendBeacon(at, fields());
    });
    addEventListener("online", keep);
    addEventListener("docket:live", keep);
    // Whoever comes back to the page as it was left goes on writing.
    addEventListener("pageshow", (event) => { if (event.persisted) isSent = false; });
  }

  if (csrf && main && $("#rail")) {
    poll();
    beat();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      came = 0;
      showTitle();
      // Whoever comes back may have signed in again meanwhile.
      if (isLate || isOver) {
        isOver = false;
        refresh().then(poll).then(beat);
      } else {
        poll();
        beat();
      }
    });
    addEventListener("online", poll);
    // Back to a page as it was left: it may be long.
    addEventListener("pageshow", (event) => event.persisted && refresh().then(poll).then(beat));
    addEventListener("pagehide", () => {
      clearTimeout(timer);
      if (ticket) navigator.sendBeacon(`/agent/tickets/${ticket}/presence`, new URLSearchParams({ csrf, does: "leaves" }));
    });
  }
}
