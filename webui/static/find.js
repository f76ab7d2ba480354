// Facets: values are sought while one types; the field stays as it is.
"use strict";

{ // names of its own
  let findTimer = 0;
  let finds = 0;
  const findIn = async (form) => {
    const facet = form.closest(".facet");
    const mine = ++finds;
    try {
      const asked = form.getAttribute("action").split("#")[0] + "?" + new URLSearchParams(new FormData(form));
      const answer = await fetch(asked, { headers: { Accept: "text/html" } });
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = next.querySelector(`#${facet.id} .values`);
      if (!answer.ok || !fresh || mine !== finds) return;
      facet.querySelector(".values").replaceWith(document.adoptNode(fresh));
      say(facet.querySelectorAll(".ticks a:not(.fold)").length + " " + facet.querySelector("h2").textContent);
    } catch {
      // offline: Enter still sends the form
    }
  };
  const findSoon = (event) => {
    const form = event.target.closest("form.find");
    if (!form || event.isComposing) return;
    clearTimeout(findTimer);
    findTimer = setTimeout(findIn, 150, form);
  };
  document.addEventListener("input", findSoon);
  document.addEventListener("compositionend", findSoon);
  const typed = document.activeElement; // before this was here
  if (typed.matches("form.find input") && typed.value !== typed.defaultValue) findSoon({ target: typed });
}
