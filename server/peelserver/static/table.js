// Tables that sort by a click on a heading: numbers as numbers, all else as text, empty cells last.

export function sortable(table) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      for (const each of headings) each.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(table.tBodies[0], column, down);
    });
  });
}

function sort(body, column, down) {
  const rows = [...body.rows].map((row) => [row.cells[column].textContent.trim(), row]);
  const numeric = rows.every(([text]) => text === "" || !Number.isNaN(Number(text)));
  const order = new Intl.Collator("en-GB", { numeric: true, sensitivity: "base" });
  rows.sort(([one], [other]) => {
    if (!one || !other) return Number(!one) - Number(!other);
    const by = numeric ? Number(one) - Number(other) : order.compare(one, other);
    return down ? -by : by;
  });
  body.append(...rows.map(([, row]) => row));
}

document.querySelectorAll("table.sortable").forEach(sortable);
