// The theme puts the buttons of each block of code into a `nav`; they are no landmark of the page. It puts each table into
// a box that scrolls where the table is too wide; the keyboard then has to reach it, too.
const word = document.documentElement.lang === "fr" ? "Tableau" : "Table";

function reach(box) {
  const scrolls = box.scrollWidth > box.clientWidth;
  for (const [name, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": word })) {
    if (scrolls) box.setAttribute(name, value);
    else box.removeAttribute(name);
  }
}

const sizes = new ResizeObserver((entries) => entries.forEach((entry) => reach(entry.target)));

function correct() {
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) nav.setAttribute("role", "none");
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) sizes.observe(box);
}

new MutationObserver(correct).observe(document.body, { childList: true, subtree: true });
correct();
