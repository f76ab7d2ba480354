// An announcement: step through its marks, copy its citation. Uses `say` of app.js.
"use strict";

const bar = document.getElementById("mark-bar");
if (bar) {
  const last = Number(bar.dataset.marks);
  let now = Number(location.hash.match(/^#m(\d+)$/)?.[1] || 0);
  const step = (by) => {
    now = now === 0 && by < 0 ? last : ((now - 1 + by + last) % last) + 1;
    const mark = document.getElementById("m" + now);
    if (!mark) { // it is in another part of a long text
      const asked = new URLSearchParams(location.search);
      asked.delete("part");
      asked.set("mark", now);
      location.assign(location.pathname + "?" + asked + "#m" + now);
      return;
    }
    history.replaceState(history.state, "", "#m" + now);
    location.replace("#m" + now); // also sets :target
    bar.querySelector("[data-now]").textContent = now + " / ";
    say(now + " / " + last);
  };
  bar.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-step]");
    if (!link) return;
    event.preventDefault();
    step(Number(link.dataset.step));
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n") step(1);
    if (event.key === "p") step(-1);
  });
}

// "j" and "k" lead to the next and the previous hit of the list.
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  document.querySelector(`[data-hit="${CSS.escape(event.key)}"]`)?.click();
});

document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy)); // plain http: ready for Ctrl+C
      document.execCommand("copy");
    }
    button.textContent = button.dataset.done;
    say(button.dataset.done);
  });
});
