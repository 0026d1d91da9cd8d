// The pages work without this; with it, what is under way shows by itself, lists are searched at once, and a reason is copied.
"use strict";

for (const live of document.querySelectorAll("[data-events]")) {
  const events = new EventSource(live.dataset.events);
  events.onmessage = (event) => {
    const asked = live.querySelector('[name="question"]')?.value;
    const agreed = live.querySelector("#agreed");
    const [ticked, there] = [agreed?.checked, agreed && agreed === document.activeElement];
    live.innerHTML = JSON.parse(event.data); // made and escaped by our own server
    const again = live.querySelector("#agreed");
    if (again && asked === live.querySelector('[name="question"]')?.value) {
      again.checked = ticked; // the same question, shown anew: what was ticked stays
      if (there) again.focus();
    }
  };
  events.addEventListener("end", () => { events.close(); location.reload(); });
}

for (const field of document.querySelectorAll("[data-finds]")) {
  let asked = 0, waiting;
  const find = async () => {
    const number = ++asked;
    const answer = await fetch(`${field.form.action}?${new URLSearchParams(new FormData(field.form))}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html"); // made and escaped by our own server
    const found = page.querySelector(field.dataset.finds);
    if (found && number === asked) document.querySelector(field.dataset.finds).replaceChildren(...found.children);
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 120);
  });
  field.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    await find();
    document.querySelector(`${field.dataset.finds} a`)?.click();
  });
}

document.addEventListener("click", (event) => {
  const copy = event.target.closest?.("[data-copy]")?.dataset.copy; // what is shown live comes later than this script
  if (copy) navigator.clipboard?.writeText(copy);
});

for (const field of document.querySelectorAll("[data-required-with]")) {
  const wanted = () => { field.required = field.form.elements.kind.value === field.dataset.requiredWith; };
  for (const choice of field.form.elements.kind) choice.addEventListener("change", wanted);
  wanted();
}

for (const field of document.querySelectorAll("[data-submits]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}

const check = document.querySelector("[data-some]");
if (check) {
  const boxes = [...document.querySelectorAll('input[name="account"][form="check"]')];
  const rename = () => { check.textContent = boxes.some((box) => box.checked) ? check.dataset.some : check.dataset.none; };
  boxes.forEach((box) => box.addEventListener("change", rename));
  rename();
}
