// Dragging over the bars of a histogram chooses the time between them.
"use strict";

{
  let dragFrom = null;
  const barAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest(".histogram a");
  const between = (one, other) => {
    const bars = [...one.closest("svg").querySelectorAll("a")];
    const [first, last] = [bars.indexOf(one), bars.indexOf(other)].sort((a, b) => a - b);
    return bars.slice(first, last + 1);
  };

  document.addEventListener("pointerdown", (event) => {
    dragFrom = event.target.closest(".histogram a");
  });
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest && event.target.closest(".histogram")) event.preventDefault();
  });
  document.addEventListener("pointermove", (event) => {
    const bar = dragFrom && barAt(event);
    if (!bar) return;
    document.querySelectorAll(".histogram a").forEach((held) => held.classList.remove("in-range"));
    between(dragFrom, bar).forEach((held) => held.classList.add("in-range"));
  });
  document.addEventListener("pointerup", (event) => {
    const start = dragFrom;
    const end = start && barAt(event);
    dragFrom = null;
    document.querySelectorAll(".in-range").forEach((held) => held.classList.remove("in-range"));
    if (!end || end === start) return;
    const values = between(start, end).map((held) => held.firstChild.textContent.split(/[：:]/)[0]);
    const form = document.querySelector("form.range");
    form.querySelectorAll("input[name=year]").forEach((held) => held.remove());
    form.elements.from.value = firstDay(values[0]);
    form.elements.to.value = lastDay(values[values.length - 1]);
    form.requestSubmit();
  });

  // A bar is named by a year, a month, or "≤1995" for all until then.
  const firstDay = (value) => (value[0] === "≤" ? "" : value.length === 4 ? value + "-01-01" : value + "-01");
  const lastDay = (value) => {
    if (value[0] === "≤") return value.slice(1) + "-12-31";
    if (value.length === 4) return value + "-12-31";
    const [year, month] = value.split("-").map(Number);
    return value + "-" + new Date(Date.UTC(year, month, 0)).getUTCDate();
  };
}
