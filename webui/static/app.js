// What a script makes more comfortable; every page works without it.
"use strict";

document.documentElement.classList.add("scripted");
const live = document.getElementById("live");
const say = (text) => { live.textContent = text; };

// Search box: "/" goes to it, suggestions while typing, and no Enter of an input method sends it. ----

const input = document.getElementById("q");
const list = document.getElementById("suggestions");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && input && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    input.focus();
    input.select();
  }
});

if (input && list) {
  const kinds = JSON.parse(input.dataset.kinds);
  let chosen = -1;
  let typed = input.value;
  let asked = 0;
  let timer = 0;
  let composing = false;
  let composedAt = -1000;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (place) => {
    const items = [...list.children];
    chosen = place < -1 ? items.length - 1 : place >= items.length ? -1 : place;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    input.value = chosen < 0 ? typed : items[chosen].dataset.text;
    if (chosen < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", items[chosen].id);
  };

  // A suggestion leads where it says: to a place, an issuer, a number, a title, not to a search for its words.
  const follow = (address) => {
    const to = new URL(address);
    close();
    location.assign(to.pathname + to.search);
  };

  const show = (suggestions) => {
    list.replaceChildren(...suggestions.map((suggestion, place) => {
      const item = document.createElement("li");
      const text = document.createElement("span");
      const kind = document.createElement("small");
      text.textContent = suggestion.text;
      kind.textContent = (kinds[suggestion.kind] || "") + (suggestion.count > 1 ? " " + suggestion.count : "");
      item.id = "suggestion-" + place;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.text = suggestion.text;
      item.dataset.href = suggestion.links.html;
      item.append(text, kind);
      item.addEventListener("mousedown", (event) => event.preventDefault()); // keep the box focused
      item.addEventListener("click", () => follow(suggestion.links.html));
      return item;
    }));
    chosen = -1;
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (!list.hidden) say(suggestions.length + " " + input.dataset.count);
  };

  const ask = async () => {
    const mine = ++asked;
    typed = input.value;
    if (!typed.trim()) { close(); return; }
    try {
      const answer = await fetch(document.documentElement.dataset.root + "/api/suggest?" + new URLSearchParams({ q: typed.trim() }));
      const told = answer.ok ? await answer.json() : { suggestions: [] };
      if (mine === asked && document.activeElement === input) show(told.suggestions);
    } catch {
      close(); // offline: the box itself still works
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    chosen = -1; // what is written now is no suggestion
    if (!composing) timer = setTimeout(ask, 120);
  });
  input.addEventListener("compositionstart", () => { composing = true; });
  input.addEventListener("compositionend", (event) => {
    composing = false;
    composedAt = event.timeStamp;
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    // keyCode 229: a key that the input method took. Safari ends the composition just before its Enter.
    const ofMethod = event.isComposing || composing || event.keyCode === 229 || event.timeStamp - composedAt < 50;
    if (event.key === "Enter" && ofMethod) { event.preventDefault(); return; }
    if (ofMethod) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) { if (event.key === "ArrowDown") ask(); return; }
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
      event.preventDefault();
      follow(list.children[chosen].dataset.href);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      choose(-1);
      close();
    }
  });
  input.form.addEventListener("submit", () => { asked += 1; clearTimeout(timer); close(); });
}

// A list of hits: "n" goes to the next one, "p" to the one before; Enter opens it. ----------------------

document.addEventListener("keydown", (event) => {
  if (event.key !== "n" && event.key !== "p") return;
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const hits = [...document.querySelectorAll(".hit :is(h2, h3) a")];
  const now = hits.indexOf(document.activeElement);
  hits[event.key === "n" ? now + 1 : Math.max(now, 1) - 1]?.focus();
});

// Ticks, chips and folds: the list and its facets are exchanged in place, nothing jumps. -------------

const swap = async (address, key) => {
  try {
    const page = document.getElementById("page");
    const top = keyed(key)?.getBoundingClientRect().top;
    page.setAttribute("aria-busy", "true");
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = next.getElementById("page");
    if (!answer.ok || !fresh || document.body.className !== next.body.className) throw new Error(answer.status);
    if (!String(address).endsWith(whereNow())) return; // the reader went elsewhere meanwhile
    page.replaceWith(document.adoptNode(fresh));
    document.title = next.title;
    document.querySelector("form.box")?.replaceChildren(...carriedAlong(next));
    const status = document.getElementById("status");
    if (status) say(status.textContent);
    refocus(key, top);
  } catch {
    location.assign(address);
  }
};

// The box keeps what it holds; only the filters that it carries along are new.
const carriedAlong = (next) => {
  const form = document.querySelector("form.box");
  const hidden = (root) => [...root.querySelectorAll("form.box input[type=hidden]")];
  return [...[...form.children].filter((child) => child.type !== "hidden"), ...hidden(next)];
};

// A link of a facet is the same on the next page when it stands in the same list for the same value.
const keyOf = (link) => {
  const facet = link.closest(".facet");
  const list = link.closest("ul, svg, p").getAttribute("class");
  const value = link.dataset.key || link.firstChild.textContent.split(/[：:]/)[0]; // a bar is named "2021：3"
  return facet && [facet.id, list, link.matches(".fold"), value].join();
};
const keyed = (key) => key && [...document.querySelectorAll(".facet a")].find((link) => keyOf(link) === key);

// What was clicked keeps the focus and its place on the screen, though the page around it is another one.
const refocus = (key, top) => {
  const same = keyed(key);
  const facet = key && document.getElementById(key.split(",")[0]);
  (same || facet || document.getElementById("main")).focus({ preventScroll: true });
  if (same) window.scrollBy({ top: same.getBoundingClientRect().top - top, behavior: "instant" });
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-swap] a:not([href^='#'])");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const address = new URL(link.getAttribute("href"), location.href);
  address.hash = "";
  history.pushState(null, "", address);
  shown = whereNow();
  swap(address, keyOf(link));
});

// What few readers need comes when they do: the values of a facet by what is typed, a time between two bars,
// searches saved in this browser.
const own = document.currentScript.src;
const load = (name) => document.head.append(Object.assign(document.createElement("script"), { src: own.replace("app.js", name) }));
const loadAt = (happens, where, name) => document.addEventListener(happens, function soon(event) {
  if (!event.target.closest(where)) return;
  document.removeEventListener(happens, soon);
  load(name);
});
loadAt("focusin", "form.find", "find.js");
loadAt("pointerover", ".histogram", "histogram.js");
try {
  if (document.getElementById("saved") && localStorage.getItem("policy-search.saved")) load("saved.js");
} catch {
  // storage is switched off
}

const whereNow = () => location.pathname + location.search;
let shown = whereNow();
window.addEventListener("popstate", () => {
  if (whereNow() === shown) return; // only the fragment changed
  shown = whereNow();
  swap(shown, "");
});
