// Read flowcharts with Mermaid's own parser, and print the nodes and links of each as JSON.
// node mermaid.mjs FOLDER FILE..., where FOLDER holds node_modules
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const need = createRequire(join(folder, "package.json"));
const { JSDOM } = need("jsdom");
const { window } = new JSDOM("<!doctype html>");
globalThis.window = window;
globalThis.document = window.document;
const found = need.resolve("mermaid");
const mermaid = (await import(pathToFileURL(found))).default;
mermaid.initialize({ startOnLoad: false });
// Mermaid keeps entity codes in a form of its own until it draws
const plain = (text) => text
  .replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(code))
  .replace(/ﬂ°(\w+)¶ß/g, "&$1;");
const read = [];
for (const file of files) {
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(readFileSync(file, "utf8"));
  const nodes = [...db.getVertices()].map(([key, each]) => [key, plain(each.text ?? "")]);
  const edges = db.getEdges().map((each) => [each.start, plain(each.text), each.end, each.stroke]);
  read.push({ nodes: Object.fromEntries(nodes), edges });
}
process.stdout.write(JSON.stringify(read));
