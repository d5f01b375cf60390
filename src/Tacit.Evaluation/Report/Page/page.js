// The page as a whole, from the model.

const KNOWN = {
  loss: ["loss", ""],
  lr: ["learning rate", ""],
  grad_norm: ["gradient norm", "Before it is clipped."],
  samples_per_second: ["items per second", ""],
  data_wait: ["waiting for data", "Seconds since the last logged step."],
  knn: ["online kNN", "Accuracy on held-out training items; never of the test set."],
  rankme: ["RankMe", "The effective rank of the features: higher uses more directions, 1 is a line."],
  deviation: ["deviation of features", "1 is an even spread, 0 one point."],
  alignment: ["alignment", "Squared distance of two views of one item: lower is nearer."],
  uniformity: ["uniformity", "Lower is a more even spread; 0 is collapse."],
  embedding_deviation: ["deviation of embeddings", "What the loss compares: 1 is an even spread, 0 one point."],
  embedding_rank: ["rank of embeddings", "1 is a line."],
};

const GROUPS = [
  ["Loss and its parts", key => key.includes("loss")],
  ["How the representation spreads", key => ["knn", "rankme", "deviation", "alignment", "uniformity", "embedding_deviation", "embedding_rank", "embedding_scale"].includes(key)],
  ["What the method reports", key => !["lr", "grad_norm", "samples_per_second", "data_wait"].includes(key)],
  ["Optimisation and speed", () => true],
];

const model = JSON.parse(document.getElementById("model").textContent);
const several = model.runs.length > 1;

function titleOf(key) { return KNOWN[key] ? KNOWN[key][0] : key.replaceAll("_", " "); }

function verdict(run) {
  const v = run.verdict;
  if (!v) return null;
  const sign = { healthy: "●", suspicious: "▲", collapsed: "✕", unknown: "○" }[v.word] || "○";
  return h("div", { class: `verdict ${v.word}` }, h("strong", {}, `${sign} ${v.word}`), v.step === null ? ". " : ` at step ${v.step.toLocaleString("en")}. `, v.sentence,
    v.reasons.length ? h("ul", {}, v.reasons.map(r => h("li", {}, r))) : null,
    v.history.length > 1 ? h("div", { class: "muted" }, v.history.map(t => `${t.word} from step ${t.step.toLocaleString("en")}`).join(", ")) : null);
}

function about(run) {
  return [
    run.method && h("p", { class: "summary" }, `${run.method.summary}.`),
    verdict(run),
    h("dl", {},
      run.method && [h("dt", {}, "method"), h("dd", {}, `${run.method.name}, ${run.method.family}`), h("dt", {}, "paper"), h("dd", {}, run.method.paper)],
      run.facts.map(f => [h("dt", {}, f.name), h("dd", {}, f.value)]),
      h("dt", {}, "state"), h("dd", {}, run.state)),
    run.notes.length ? h("div", { class: "notes" }, h("ul", {}, run.notes.map(n => h("li", {}, n)))) : null,
  ];
}

function header() {
  if (!several) return h("header", {}, h("h1", {}, model.runs[0].name), about(model.runs[0]));
  return h("header", {}, h("h1", {}, `${model.runs.length} runs side by side`),
    h("div", { class: "cards" }, model.runs.map((run, i) => h("section", { class: "card", style: { "--run": colour(i) } }, h("h3", {}, lineSwatch(i), run.name), about(run)))));
}

const nav = h("nav", { "aria-label": "Sections" });
const main = document.getElementById("report");

function section(id, short, title, note, ...content) {
  nav.append(h("a", { href: `#${id}` }, short));
  main.append(h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, title), note && h("p", { class: "note" }, note), content));
}

/** What is there for some runs, and for the others why it is not. */
function perRun(key, draw, lost) {
  return model.runs.map((run, i) => {
    const title = several ? h("h3", {}, lineSwatch(i), run.name) : null;
    return run[key] ? [title, draw(run, i)] : [title, h("p", { class: "missing" }, run.missing[lost || key] || "There is nothing to show.")];
  });
}

function curves() {
  const keys = [...new Set(model.runs.flatMap(r => r.curves.map(c => c.key)))], taken = new Set(), parts = [];
  for (const [title, belongs] of GROUPS) {
    const own = keys.filter(k => !taken.has(k) && belongs(k));
    if (!own.length) continue;
    own.forEach(k => taken.add(k));
    own.sort((a, b) => (Object.keys(KNOWN).indexOf(a) + 1 || 99) - (Object.keys(KNOWN).indexOf(b) + 1 || 99));
    parts.push(h("h3", {}, title), h("div", { class: "charts" }, own.map(key => lineChart({
      title: titleOf(key), note: KNOWN[key] && KNOWN[key][1], wide: key === "loss", percent: key === "knn" || key.endsWith("accuracy"), single: !several,
      series: model.runs.flatMap((run, place) => run.curves.filter(c => c.key === key).map(c => ({ name: run.name, steps: c.steps, values: c.values, place }))),
    }))));
  }
  const histograms = model.runs.flatMap(run => run.histograms.map(x => histogramChart(x, several ? `${run.name}: ${titleOf(x.key)}` : titleOf(x.key))));
  if (histograms.length) parts.push(h("h3", {}, "Distributions"), h("div", { class: "charts" }, histograms));
  const legend = several ? h("div", { class: "legend" }, model.runs.map((r, i) => h("span", { class: "key" }, lineSwatch(i), r.name))) : null;
  const empty = model.runs.filter(r => !r.curves.length).map(r => h("p", { class: "missing" }, `${several ? r.name + ": there" : "There"} are no curves: metrics.jsonl is missing or empty.`));
  section("curves", "Curves", "Curves", keys.length ? "Point at a curve, or focus it and move by the arrow keys: all charts show the same step." : null, legend, empty, parts);
}

function embedding() {
  const parts = model.data.map((data, d) => {
    const runs = model.runs.filter(r => r.embedding && r.data === d);
    return runs.length ? [model.data.length > 1 ? h("h3", {}, data.path) : null, embeddingSection(data, runs)] : null;
  });
  const lost = model.runs.filter(r => !r.embedding).map(r => h("p", { class: "missing" }, several ? h("strong", {}, `${r.name}: `) : null, r.missing.embedding || "There is nothing to show."));
  section("embedding", "Samples", "Where the samples lie", null, lost, parts);
}

function results() {
  const rows = model.runs.flatMap(run => run.results ? run.results.rows.map(r => ({ ...r, modality: { pictures: "pixels as they are", recordings: "mean and deviation of FBANK frames", texts: "shares of tokens" }[model.data[run.data].word], task: model.data[run.data].path })) : []);
  const distinct = rows.filter((r, i) => rows.findIndex(o => o.encoder === r.encoder && o.protocol === r.protocol && o.value === r.value && o.task === r.task && o.kind === r.kind) === i);
  const notes = [...new Set(model.runs.filter(r => r.results).map(r => r.results.note))];
  const lost = model.runs.filter(r => !r.results).map(r => h("p", { class: "missing" }, several ? h("strong", {}, `${r.name}: `) : null, r.missing.results || "There is nothing to show."));
  const tasks = [...new Set(distinct.map(r => r.task))];
  section("results", "Results", "Results", notes.join(" "), lost, tasks.map(task => [tasks.length > 1 ? h("h3", {}, task) : null,
    [...new Set(distinct.map(r => r.protocol))].map(p => { const own = distinct.filter(r => r.protocol === p && r.task === task); return own.length ? resultTable(own, p) : null; })]));
  if (model.runs.some(r => r.layers)) section("layers", "Layers", "Layers", null, model.runs.filter(r => r.layers).map(r => [several ? h("h3", {}, r.name) : null, h("p", { class: "note" }, r.layers.note), layerBars(r.layers)]));
  if (model.runs.some(r => r.confusion)) section("confusion", "Confusions", "What is taken for what", null, h("div", { class: several ? "cards" : null }, model.runs.filter(r => r.confusion).map(r => h("div", {}, h("p", { class: "note" }, r.confusion.note), confusionTable(r.confusion)))));
}

function themeButton() {
  const system = matchMedia("(prefers-color-scheme: dark)"), root = document.documentElement;
  const dark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const button = h("button", { type: "button", onclick: () => { root.dataset.theme = dark() ? "light" : "dark"; tell(); } });
  const tell = () => { button.textContent = dark() ? "Light" : "Dark"; button.setAttribute("aria-label", dark() ? "Show in light colours" : "Show in dark colours"); };
  system.addEventListener("change", tell);
  tell();
  return button;
}

function build() {
  main.replaceChildren(nav, header());
  if (several) section("differences", "Differences", "Differences in configuration", model.differences.length ? null : "There is none.", model.differences.length ? differenceTables(model) : null);
  if (several) results();
  curves();
  if (!several) results();
  embedding();
  if (model.runs.some(r => r.embedding)) {
    section("neighbours", "Neighbours", "Nearest neighbours", "By cosine among the samples, the query first. A frame marks neighbours of the query's own class.",
      model.runs.filter(r => r.embedding).map(run => [several ? h("h3", {}, run.name) : null, h("div", { class: "box", tabindex: 0, role: "group", "aria-label": `Neighbours in ${run.name}` }, run.embedding.queries.map(q => neighbourRow(model.data[run.data], run.embedding, q)))]));
  }
  section("augmentation", "Views", "What the method sees", null, perRun("augmentation", run => [h("p", { class: "note" }, run.augmentation.note), run.augmentation.items.map(viewsRow)]));
  if (model.runs.some(r => r.reconstruction)) {
    section("reconstruction", "Reconstructions", "What it makes of what is hidden", null, model.runs.filter(r => r.reconstruction).map(run => [several ? h("h3", {}, run.name) : null, h("p", { class: "note" }, run.reconstruction.note), h("div", { class: "box", tabindex: 0, role: "group", "aria-label": `Rows of ${run.name}` }, run.reconstruction.rows.map(row => reconstructionRow(row, run.reconstruction.columns, model.data[run.data].word === "recordings")))]));
  }
  section("repeat", "Repeat", "Repeat it", null, model.runs.map((run, i) => [several ? h("h3", {}, lineSwatch(i), run.name) : null, commandList(run), run.settings.length ? settingsTable(run) : null]));
  nav.append(themeButton());
  main.append(h("footer", {}, `Written by Tacit ${model.version}. Everything is in this file: it asks for nothing from the network.`));
  window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(d => { d.open = true; }));
}

build();
