// Read an export with cytoscape.js or graphology, and print what they make of it as JSON.
// node read.mjs cytoscape|gexf|graphml FILE FOLDER, where FOLDER holds node_modules
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [reader, file, folder] = process.argv.slice(2);
const need = createRequire(join(folder, "package.json"));
const text = readFileSync(file, "utf8");
const nodes = {};
const edges = {};
if (reader === "cytoscape") {
  const graph = need("cytoscape")({ ...JSON.parse(text), headless: true });
  graph.nodes().forEach((each) => { nodes[each.id()] = each.data(); });
  graph.edges().forEach((each) => { edges[each.id()] = each.data(); });
} else {
  const { MultiGraph } = need("graphology");
  // of several lists of attributes, graphology knows the last
  const options = reader === "gexf" ? { allowUndeclaredAttributes: true } : {};
  const graph = need(`graphology-${reader}`).parse(MultiGraph, text, options);
  graph.forEachNode((key, said) => { nodes[key] = said; });
  graph.forEachEdge((key, said, source, target) => { edges[key] = { ...said, source, target }; });
}
process.stdout.write(JSON.stringify({ nodes, edges }));
