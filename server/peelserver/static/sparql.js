// The SPARQL editor, made quicker: runs without leaving the page, shows where a query is wrong.
// Everything here has its plain way as well: the form asks, and the answer is the next page.

import { sortable } from "./table.js";

const LONGEST = 4000;
const form = document.getElementById("ask");
const field = document.getElementById("query");
const run = document.getElementById("run");
const cancel = document.getElementById("cancel");
const format = document.getElementById("format");
const state = document.getElementById("state");
const problem = document.getElementById("problem");
let running = null;

const numbers = document.createElement("pre");
numbers.className = "numbers";
numbers.setAttribute("aria-hidden", "true");
field.parentElement.classList.add("numbered");
field.before(numbers);

function number() {
  const lines = field.value.split("\n").length;
  const wrong = Number(field.dataset.wrong || 0);
  numbers.replaceChildren(
    ...Array.from({ length: lines }, (_, at) => {
      const line = document.createElement(at + 1 === wrong ? "b" : "span");
      line.textContent = `${at + 1}\n`;
      return line;
    }),
  );
  numbers.scrollTop = field.scrollTop;
}

function clear() {
  problem.replaceChildren();
  delete field.dataset.wrong;
  field.removeAttribute("aria-invalid");
  number();
}

function write(text) {
  field.focus();
  field.select();
  // so that the browser can undo it
  if (!document.execCommand("insertText", false, text)) field.value = text;
  field.setSelectionRange(0, 0);
  field.scrollTop = 0;
  clear();
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.append(text);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function offset(line, column) {
  const before = field.value.split("\n").slice(0, line - 1);
  return Math.min(before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1, field.value.length);
}

// A column counts characters; a string here counts UTF-16 units.
function units(text, column) {
  return [...text].slice(0, column - 1).join("").length;
}

function show(found) {
  problem.replaceChildren(element("h2", "That did not work"), element("p", found.detail, { class: "wrong" }));
  if (found.line && found.column) {
    const text = field.value.split("\n")[found.line - 1] ?? "";
    const at = units(text, found.column);
    const there = String.fromCodePoint(text.codePointAt(at) ?? 32);
    const line = element("pre", text.slice(0, at), { tabindex: "0", "aria-label": `Line ${found.line}` });
    line.append(element("mark", there), text.slice(at + there.length));
    problem.append(line);
    field.dataset.wrong = found.line;
    const go = element("button", `Go to line ${found.line}, column ${found.column}`, { type: "button", class: "second" });
    go.addEventListener("click", () => {
      field.focus();
      const place = offset(found.line, at + 1);
      field.setSelectionRange(place, Math.min(place + there.length, field.value.length));
    });
    problem.append(element("p", go));
  }
  if (found.hint) problem.querySelector("pre, .wrong").after(element("p", found.hint));
  field.setAttribute("aria-invalid", "true");
  number();
}

function busy(controller) {
  running = controller;
  cancel.hidden = !controller;
  run.disabled = Boolean(controller);
  form.setAttribute("aria-busy", String(Boolean(controller)));
}

async function ask() {
  const given = new URLSearchParams(new FormData(form));
  given.delete("format");
  const address = `/sparql?${given}`;
  const short = address.length <= LONGEST;
  running?.abort();
  const controller = new AbortController();
  busy(controller);
  clear();
  state.textContent = "Running …";
  const started = performance.now();
  try {
    const answer = await fetch(short ? address : "/sparql", {
      method: short ? "GET" : "POST",
      body: short ? undefined : given,
      headers: { Accept: "application/problem+json, text/html;q=0.5" },
      signal: controller.signal,
    });
    const text = await answer.text();
    if (!answer.ok) {
      state.textContent = "";
      show(answer.headers.get("Content-Type")?.includes("problem+json") ? JSON.parse(text) : { detail: `The server answered ${answer.status}.` });
      return;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    const result = document.importNode(page.getElementById("result"), true);
    document.getElementById("result").replaceWith(result);
    result.querySelectorAll("table.sortable").forEach(sortable);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    state.textContent = `${result.querySelector("#count").textContent.trim()} Answered in ${seconds} s.`;
    document.title = page.title;
    if (short && address !== location.pathname + location.search) history.pushState(null, "", address);
  } catch (error) {
    state.textContent = error.name === "AbortError" ? "Cancelled." : "";
    if (error.name !== "AbortError") show({ detail: "The server cannot be reached. Your query is still here; try again." });
  } finally {
    if (running === controller) busy(null);
  }
}

form.addEventListener("submit", (event) => {
  if (event.submitter?.id === "declare") {
    event.preventDefault();
    declare();
  } else if (!format.value) {
    event.preventDefault();
    ask();
  }
});

async function declare() {
  const answer = await fetch("/sparql/declared", {
    method: "POST",
    body: new URLSearchParams({ query: field.value }),
    headers: { Accept: "text/plain, application/problem+json" },
  });
  if (!answer.ok) show({ detail: "The prefixes could not be declared." });
  else {
    const text = await answer.text();
    state.textContent = text === field.value ? "There is nothing to declare." : "The prefixes are declared.";
    if (text !== field.value) write(text);
  }
}

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run.click();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") running?.abort();
});
cancel.addEventListener("click", () => {
  running?.abort();
  field.focus();
});
field.addEventListener("input", () => {
  delete field.dataset.wrong;
  number();
});
field.addEventListener("scroll", () => { numbers.scrollTop = field.scrollTop; });
for (const each of document.querySelectorAll("[data-query]")) {
  each.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    write(each.dataset.query);
    state.textContent = "";
  });
}
addEventListener("popstate", () => location.reload());
for (const each of document.querySelectorAll(".keys")) each.hidden = false;
number();
