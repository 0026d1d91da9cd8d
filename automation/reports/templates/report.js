"use strict";
// Sorts and searches the table of accounts. Everything can be read without it.
(() => {
  const table = document.querySelector(".grid table");
  const bar = document.querySelector(".search");
  const rows = [...table.querySelectorAll("tr.row")];
  const sections = new Map([...document.querySelectorAll("article.account")].map((a) => [a.id, a]));
  const grouped = [...table.tBodies];
  const places = grouped.map((body) => [...body.rows]);
  const texts = rows.map((row) => (row.dataset.owner + " " + row.textContent).toLowerCase());
  const input = bar.querySelector("input");
  const told = bar.querySelector("output");
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  let flat = null;

  const search = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    rows.forEach((row, number) => {
      const fits = words.every((word) => texts[number].includes(word));
      row.hidden = !fits;
      found += fits;
      const section = sections.get(row.dataset.section);
      if (section) section.hidden = !fits;
    });
    for (const body of grouped) {
      const left = [...body.querySelectorAll("tr.row")].some((row) => !row.hidden);
      body.classList.toggle("empty", words.length > 0 && !left);
    }
    told.textContent = words.length ? `${found} / ${rows.length}` : "";
  };

  const group = () => {
    if (!flat) return;
    grouped.forEach((body, number) => body.append(...places[number]));
    flat.replaceWith(...grouped);
    flat = null;
    table.classList.remove("flat");
  };

  const sort = (heading, column) => {
    const before = heading.getAttribute("aria-sort");
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    if (before === "descending") return group();
    const down = before === "ascending" ? -1 : 1;
    heading.setAttribute("aria-sort", down > 0 ? "ascending" : "descending");
    const keys = new Map(rows.map((row) => {
      const cell = row.cells[column];
      return [row, cell.dataset.key ?? cell.textContent.trim()];
    }));
    const ordered = [...rows].sort((a, b) => down * collator.compare(keys.get(a), keys.get(b)));
    if (!flat) {
      flat = document.createElement("tbody");
      flat.setAttribute("role", "rowgroup");
      grouped[0].replaceWith(flat);
      grouped.forEach((body) => body.remove());
      table.classList.add("flat");
    }
    flat.append(...ordered);
  };

  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    button.addEventListener("click", () => sort(heading, column));
    heading.replaceChildren(button);
  });
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  bar.hidden = false;
})();
