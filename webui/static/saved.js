// Searches saved in this browser, for who does not sign in: kept, listed, counted anew, forgotten.
"use strict";

(async () => { // names of its own
  const key = "policy-search.saved";
  const root = document.documentElement.dataset.root;
  const onFront = 5;

  // The front page borrows the list from the page of saved searches, which most readers never need.
  const front = document.getElementById("saved");
  if (front) {
    const answer = await fetch(`${root}/saved`, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const parts = ["saved-list", "saved-one"].map((id) => page.getElementById(id));
    if (!answer.ok || !parts.every(Boolean)) return;
    const head = document.createElement("div");
    const title = document.createElement("h2");
    const all = document.createElement("a");
    head.className = "lead";
    title.textContent = front.getAttribute("aria-label");
    all.href = `${root}/saved`;
    all.textContent = parts[0].dataset.all;
    head.append(title, all);
    document.head.append(document.adoptNode(page.querySelector("link[href*='saved.css']")));
    front.append(head, ...parts.map((part) => document.adoptNode(part)));
  }
  const list = document.getElementById("saved-list");

  // Each is { name, asked, seen }: parameters as an address has them, and the last arrival that was seen.
  const read = () => {
    try {
      const held = JSON.parse(localStorage.getItem(key) || "[]");
      return Array.isArray(held) ? held.filter((one) => one && typeof one.name === "string" && typeof one.asked === "string") : [];
    } catch {
      return []; // storage is switched off, or another program wrote there
    }
  };
  const write = (held) => {
    try {
      if (held.length) localStorage.setItem(key, JSON.stringify(held));
      else localStorage.removeItem(key);
      return true;
    } catch {
      return false; // full, or switched off
    }
  };
  const change = (name, into) => write(read().flatMap((one) => (one.name === name ? into(one) : [one])));

  const unsorted = (asked) => asked.replace(/(^|&)sort=[^&]*/, "").replace(/^&/, "");
  const byArrival = (asked) => `${unsorted(asked)}&sort=indexed`;

  const countNew = async (one, item) => {
    const plain = item.querySelector(".saved-acts span");
    const link = item.querySelector(".has-news");
    try {
      const since = encodeURIComponent(one.seen || "1970-01-02T00:00:00+00:00");
      const answer = await fetch(`${root}/api/new?since=${since}&${unsorted(one.asked)}`);
      if (!answer.ok) return;
      const told = await answer.json();
      plain.textContent = told.new ? "" : list.dataset.none;
      link.hidden = !told.new;
      link.textContent = list.dataset.news.replace("#", told.new.toLocaleString("en") + (told.more ? "+" : ""));
    } catch {
      plain.textContent = ""; // offline
    }
  };

  const entry = (one) => {
    const item = document.getElementById("saved-one").content.cloneNode(true).firstElementChild;
    const [name, news, feed] = [".saved-name a", ".has-news", ".feed"].map((part) => item.querySelector(part));
    name.href = `${root}/?${one.asked}`;
    name.firstElementChild.textContent = one.name;
    news.href = `${root}/?${byArrival(one.asked)}`;
    news.addEventListener("click", () => change(one.name, (held) => [{ ...held, seen: list.dataset.mark }]));
    feed.href = `${root}/feed.atom?${byArrival(one.asked)}`;
    item.querySelector("button").addEventListener("click", () => { change(one.name, () => []); show(); });
    countNew(one, item);
    return item;
  };

  const show = () => {
    const held = read();
    list.replaceChildren(...held.slice(0, front ? onFront : held.length).map(entry));
    if (front) front.hidden = !held.length;
    const none = document.getElementById("saved-none");
    if (none) none.hidden = held.length > 0;
  };

  const form = document.getElementById("save");
  if (form) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { name, asked } = Object.fromEntries(new FormData(form));
      const others = read().filter((one) => one.name !== name.trim());
      const kept = others.length < Number(list.dataset.most) && write([...others, { name: name.trim(), asked, seen: list.dataset.mark }]);
      document.getElementById("saved-full").hidden = kept;
      if (kept) location.replace(`${root}/saved`);
    });
  }
  show();
})();
