// Searches saved in this browser, for who does not sign in: kept, listed, counted anew, forgotten.
"use strict";

{ // names of its own
const savedKey = "policy-search.saved";
const savedList = document.getElementById("saved-list");
const pathRoot = document.documentElement.dataset.root;

// Each is { name, asked, seen }: parameters as an address has them, and the last arrival that was seen.
const readSaved = () => {
  try {
    const held = JSON.parse(localStorage.getItem(savedKey) || "[]");
    return Array.isArray(held) ? held.filter((one) => one && typeof one.name === "string" && typeof one.asked === "string") : [];
  } catch {
    return []; // storage is switched off, or another program wrote there
  }
};
const writeSaved = (held) => {
  try {
    localStorage.setItem(savedKey, JSON.stringify(held));
    return true;
  } catch {
    return false; // full, or switched off
  }
};

const change = (name, with_) => {
  writeSaved(readSaved().flatMap((one) => (one.name === name ? with_(one) : [one])));
};

const sorted = (asked) => asked.replace(/(^|&)sort=[^&]*/, "").replace(/^&/, "") + "&sort=indexed";

const countNew = async (one, item) => {
  const plain = item.querySelector(".saved-acts span");
  const link = item.querySelector(".has-news");
  try {
    const asked = sorted(one.asked).replace("&sort=indexed", "");
    const answer = await fetch(`${pathRoot}/api/new?since=${encodeURIComponent(one.seen || "1970-01-02T00:00:00+00:00")}&${asked}`);
    if (!answer.ok) return;
    const told = await answer.json();
    plain.textContent = told.new ? "" : savedList.dataset.none;
    link.hidden = !told.new;
    link.textContent = savedList.dataset.news.replace("#", told.new.toLocaleString("en") + (told.more ? "+" : ""));
  } catch {
    plain.textContent = ""; // offline
  }
};

const list = () => {
  const held = readSaved();
  const pattern = document.getElementById("saved-one").content;
  savedList.replaceChildren(...held.slice(0, Number(savedList.dataset.most)).map((one) => {
    const item = pattern.cloneNode(true).firstElementChild;
    const [name, news, feed] = [item.querySelector(".saved-name a"), item.querySelector(".has-news"), item.querySelector(".feed")];
    name.href = `${pathRoot}/?${one.asked}`;
    name.firstElementChild.textContent = one.name;
    news.href = `${pathRoot}/?${sorted(one.asked)}`;
    news.addEventListener("click", () => change(one.name, (held) => [{ ...held, seen: savedList.dataset.mark }]));
    feed.href = `${pathRoot}/feed.atom?${sorted(one.asked)}`;
    item.querySelector("button").addEventListener("click", () => { change(one.name, () => []); list(); });
    countNew(one, item);
    return item;
  }));
  const front = document.getElementById("saved");
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
    const held = readSaved().filter((one) => one.name !== name.trim());
    const fits = held.length < Number(savedList.dataset.most);
    const kept = fits && writeSaved([...held, { name: name.trim(), asked, seen: savedList.dataset.mark }]);
    document.getElementById("saved-full").hidden = kept;
    if (kept) location.replace(`${pathRoot}/saved`);
  });
}
list();
}
